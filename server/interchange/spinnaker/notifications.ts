import type { NotificationEvent, NotificationRule } from '@/server/domain/pipeline';
import type { ImportTarget } from '@/server/interchange/spinnaker/context';
import { outcomeOf, type ReportEntry } from '@/server/interchange/spinnaker/report';
import { Source } from '@/server/interchange/spinnaker/source';

const EVENTS: Readonly<Record<string, readonly NotificationEvent[]>> = {
  'pipeline.starting': ['execution.started'],
  'pipeline.complete': ['execution.succeeded'],
  'pipeline.failed': ['execution.failed', 'execution.stopped', 'execution.canceled'],
  'stage.starting': ['stage.started'],
  'stage.complete': ['stage.succeeded'],
  'stage.failed': ['stage.failed'],
  manualJudgment: ['judgment.waiting'],
  manualJudgmentContinue: ['judgment.decided'],
  manualJudgmentStop: ['judgment.decided'],
};

export interface Notifications {
  readonly rules: readonly NotificationRule[];
  readonly entries: readonly ReportEntry[];
}

/** Mail and chat are reached through an endpoint; which one, the importer says. */
export function notificationsOf(pipeline: Source, { mapping, endpoints }: ImportTarget): Notifications {
  const rules: NotificationRule[] = [];
  const entries = pipeline.list('notifications').map((json, index): ReportEntry => {
    const source = new Source(json, []);
    const type = source.text('type') ?? 'unknown';
    const address = source.text('address') ?? '';
    const receiver = `${type}/${address}`;
    const named = mapping.endpoints[receiver] ?? mapping.endpoints[type];
    const endpoint = endpoints.find((one) => one === named);
    const when = source.texts('when') ?? [];
    const events = [...new Set(when.flatMap((one) => EVENTS[one] ?? []))];
    for (const one of when.filter((word) => !EVENTS[word]))
      source.note('lost', 'when', `"${one}" is not told here`);
    source.needless('the events say it', 'level');
    source.lose('Messages have one form.', 'message', 'customMessage', 'customSubject');
    if (!endpoint || events.length === 0) {
      const hint = endpoint
        ? 'It names no event that is told here.'
        : `Set up a notification endpoint, name it with endpoint ${receiver}=<name>, and import again.`;
      source.note('lost', '', `Nobody is told. ${hint}`);
    } else {
      source.note('changed', 'address', `The endpoint ${endpoint} is told`);
      rules.push({ endpoint, events });
    }
    source.finish();
    const outcome = endpoint && events.length > 0 ? outcomeOf(source.notes) : 'no equivalent';
    return {
      part: 'notification',
      ref: String(index + 1),
      name: receiver,
      type,
      outcome,
      notes: source.notes,
    };
  });
  return { rules, entries };
}
