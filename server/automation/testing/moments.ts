import type { Moment } from '@/server/automation/notifications/format';
import { NOTIFICATION_EVENTS, type NotificationEvent } from '@/server/domain/pipeline';

const STATUS: Readonly<Partial<Record<NotificationEvent, Moment['execution']['status']>>> = {
  'execution.queued': 'pending',
  'execution.succeeded': 'succeeded',
  'execution.failed': 'failed',
  'execution.stopped': 'stopped',
  'execution.canceled': 'canceled',
};

/** A moment of a delivery of shop to prod. */
export function momentOf(event: NotificationEvent, changes: Partial<Moment> = {}): Moment {
  return {
    event,
    at: '2026-03-01T12:00:00.000Z',
    key: event,
    execution: {
      id: '6f0c3b1e-8f55-4b0e-9a59-3f5ad9a1f001',
      application: 'shop',
      pipeline: 'deploy-prod',
      status: STATUS[event] ?? 'running',
      startedAs: 'manual',
      startedBy: 'Ada',
      error: event === 'execution.failed' ? 'it did not become healthy' : null,
    },
    environment: 'prod',
    artifact: { name: 'shop', version: '1.1.0', digest: `sha256:${'a'.repeat(64)}` },
    url: 'https://signalbox.example/executions/6f0c3b1e',
    stage: event.startsWith('execution.')
      ? null
      : {
          refId: 'deploy',
          name: 'Deploy',
          type: 'deploy',
          status: event === 'stage.failed' ? 'errored' : 'running',
          error: event === 'stage.failed' ? 'the cloud is away' : null,
        },
    judgment:
      event === 'judgment.decided' ? { decision: 'continue', by: 'Ada', comment: null, input: null } : null,
    replaces: false,
    ...changes,
  };
}

/** One moment of each kind, and those that depend on what was there before. */
export function allMoments(): readonly Moment[] {
  return [
    ...NOTIFICATION_EVENTS.map((event) => momentOf(event)),
    momentOf('service.deployed', { replaces: true }),
    momentOf('service.deployed', {
      artifact: { name: 'ghcr.io/team/shop', version: '1.2.3', digest: `sha256:${'b'.repeat(64)}` },
    }),
  ];
}
