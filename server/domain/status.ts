import { z } from 'zod';

/**
 * How an execution or a stage stands. *Failed* says the release is bad, *errored* says our machinery
 * or the cloud broke: they are different words because they lead to different next steps.
 *
 * - pending   not started; upstream work, a free slot or a worker is awaited
 * - running   being worked on, or waiting for something named in its `waiting`
 * - paused    held by a person; nothing moves until resumed
 * - succeeded done as asked
 * - failed    the release was judged bad
 * - errored   could not be carried out
 * - stopped   a person said no at a gate
 * - skipped   not needed
 * - canceled  a person withdrew it
 */
export const STATUSES = [
  'pending',
  'running',
  'paused',
  'succeeded',
  'failed',
  'errored',
  'stopped',
  'skipped',
  'canceled',
] as const;
export const statusSchema = z.enum(STATUSES);
export type Status = z.infer<typeof statusSchema>;

const COMPLETE: ReadonlySet<Status> = new Set([
  'succeeded',
  'failed',
  'errored',
  'stopped',
  'skipped',
  'canceled',
]);
const GOES_ON: ReadonlySet<Status> = new Set(['succeeded', 'skipped']);

export function isComplete(status: Status): boolean {
  return COMPLETE.has(status);
}

/** Whether what comes after may start. */
export function letsDownstreamStart(status: Status): boolean {
  return GOES_ON.has(status);
}

const SEVERITY: readonly Status[] = [
  'skipped',
  'succeeded',
  'pending',
  'running',
  'paused',
  'canceled',
  'stopped',
  'failed',
  'errored',
];

/** The status that a whole shows when its parts differ. `skipped` for no parts. */
export function worstStatus(statuses: readonly Status[]): Status {
  return statuses.reduce<Status>(
    (worst, s) => (SEVERITY.indexOf(s) > SEVERITY.indexOf(worst) ? s : worst),
    'skipped',
  );
}
