import type { Database } from '@/db/client';
import { type ClaimedJob, RENEW_EVERY_MS } from '@/server/engine/queue/job';
import { renewLeases } from '@/server/engine/queue/renew';
import { releaseJobs } from '@/server/engine/queue/reschedule';
import type { Logger } from '@/server/log';

export type LetGoReason = 'canceled' | 'leaseLost' | 'leaving';

interface Held {
  readonly job: ClaimedJob;
  readonly controller: AbortController;
}

/** The jobs that this process works on now: prolongs their leases and tells handlers to let go. */
export class LeaseHolder {
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private renewing = false;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  get size(): number {
    return this.held.size;
  }

  start(): void {
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The signal aborts, with a `LetGoReason`, when the handler has no business going on. */
  take(job: ClaimedJob): AbortSignal {
    const controller = new AbortController();
    this.held.set(leaseId(job), { job, controller });
    return controller.signal;
  }

  drop(job: ClaimedJob): void {
    this.held.delete(leaseId(job));
  }

  /** Makes handlers of a withdrawn execution abandon their calls; the cancel job does the rest. */
  letGoOfExecution(executionId: string): void {
    for (const { job, controller } of this.held.values()) {
      if (job.executionId === executionId && job.kind !== 'cancelExecution') letGo(controller, 'canceled');
    }
  }

  /** Abandons everything and gives the leases back, so that another worker goes on at once. */
  async releaseAll(): Promise<void> {
    const left = [...this.held.values()];
    for (const { controller } of left) letGo(controller, 'leaving');
    this.held.clear();
    await releaseJobs(
      this.db,
      left.map(({ job }) => job),
    );
  }

  private async renew(): Promise<void> {
    if (this.renewing || this.held.size === 0) return;
    this.renewing = true;
    const asked = [...this.held.values()];
    try {
      const mine = new Map(
        (
          await renewLeases(
            this.db,
            asked.map(({ job }) => job),
          )
        ).map((row) => [row.id, row]),
      );
      for (const { job, controller } of asked) {
        const row = mine.get(job.id);
        // A lease that ended meanwhile was finished by its handler, not lost.
        if (!row && this.held.has(leaseId(job))) letGo(controller, 'leaseLost');
        else if (row?.canceled && job.kind !== 'cancelExecution') letGo(controller, 'canceled');
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'leases could not be renewed');
    } finally {
      this.renewing = false;
    }
  }
}

function letGo(controller: AbortController, reason: LetGoReason): void {
  if (!controller.signal.aborted) controller.abort(reason);
}

function leaseId(job: ClaimedJob): string {
  return `${job.id}/${job.attempts}`;
}
