/**
 * The protocol of the queue. A job row is one piece of work that is due at `run_at`.
 *
 * - A claim pushes `run_at` into the future (that is the lease) and raises `attempts` (that is the
 *   fence of the lease). A worker that dies stops renewing; the row falls due again and another takes it.
 * - Work is done by deleting or rescheduling the row WHERE `attempts` is still ours, in the
 *   transaction that holds the effect. No row means that the lease was lost: everything rolls back.
 * - At most one row per `key`. Enqueueing a key whose row is leased marks it `again`, so that the
 *   holder's finish leaves the row due at once instead of losing the wish.
 */
export interface ClaimedJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly executionId: string;
  /** Null for jobs about the execution as a whole. */
  readonly stageId: string | null;
  /** Fence of this lease. */
  readonly attempts: number;
  /** Failures in a row, lost leases included. */
  readonly failures: number;
  /** Milliseconds between being due and being claimed. */
  readonly lagMs: number;
}

/**
 * - execution        starts an execution, or ends one whose last stage has ended
 * - cancelExecution  ends one that was withdrawn
 * - stage            moves a stage as far as it goes without waiting
 * - deadline         ends a stage whose time is up
 * - cleanUp          runs what a withdrawn stage left to do
 */
export type JobKind = 'execution' | 'cancelExecution' | 'stage' | 'deadline' | 'cleanUp';

/** Long enough for a pause of the process, short enough that a dead worker is replaced within 5 s. */
export const LEASE_MS = 3_000;
export const RENEW_EVERY_MS = 1_000;

/** After so many failures in a row the stage is given up as `errored`. */
export const MAX_FAILURES = 8;

/** Thrown inside a transaction that must roll back because another worker holds the job now. */
export class LeaseLostError extends Error {
  constructor(jobId: string) {
    super(`the lease of job ${jobId} was lost`);
    this.name = 'LeaseLostError';
  }
}
