import type { Moment, NotificationFormat } from '@/server/automation/notifications/format';

/** Our own words, in the envelope that Standard Webhooks advises. */
export const standard: NotificationFormat = {
  kind: 'standard',
  label: 'Standard Webhooks',
  contentType: 'application/json',
  message: (moment) => ({ type: moment.event, body: () => bodyOf(moment) }),
  toggleMessage: ({ event, at, key: _key, ...data }) => ({
    type: event,
    body: () => ({ type: event, timestamp: at, data }),
  }),
};

function bodyOf({ event, at, execution, environment, artifact, url, stage, judgment }: Moment) {
  return {
    type: event,
    timestamp: at,
    data: {
      application: execution.application,
      pipeline: execution.pipeline,
      executionId: execution.id,
      status: execution.status,
      startedAs: execution.startedAs,
      startedBy: execution.startedBy,
      environment,
      artifact,
      url,
      ...(execution.error ? { error: execution.error } : {}),
      ...(stage ? { stage } : {}),
      ...(judgment ? { judgment } : {}),
    },
  };
}
