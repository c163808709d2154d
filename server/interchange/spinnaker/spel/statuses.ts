import { Unmappable } from '@/server/interchange/spinnaker/report';

/** Their words for how a stage stands → ours. One of theirs may be several of ours. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  NOT_STARTED: ['pending'],
  RUNNING: ['running'],
  PAUSED: ['paused'],
  SUSPENDED: ['running'],
  SUCCEEDED: ['succeeded'],
  FAILED_CONTINUE: ['failed', 'errored', 'stopped'],
  TERMINAL: ['failed', 'errored', 'stopped'],
  STOPPED: ['failed', 'errored', 'stopped'],
  CANCELED: ['canceled'],
  SKIPPED: ['skipped'],
};

/** @throws Unmappable for what is not a status. */
export function ourStatuses(theirs: string): readonly string[] {
  const ours = STATUSES[theirs.toUpperCase()];
  if (ours) return ours;
  throw new Unmappable(`"${theirs}" is not a status that a stage can have here.`);
}
