import type { Database } from '@/db/client';
import { backoffMs } from '@/server/engine/backoff';
import { claimJobs } from '@/server/engine/queue/claim';
import type { ClaimedJob } from '@/server/engine/queue/job';
import type { Logger } from '@/server/log';

/** How often the queue is looked at when nobody nudges: what bounds the delay of timers of other workers. */
const POLL_MS = 250;

export interface FetcherOptions {
  readonly db: Database;
  readonly workerId: string;
  /** Jobs worked on at once by this process. */
  readonly capacity: number;
  readonly logger: Logger;
  /** Must not throw. */
  handle(job: ClaimedJob): Promise<void>;
}

/**
 * The one claimer of a process. It sleeps until pumped (a NOTIFY, an own commit, an own short
 * timer) or until the poll, and then claims as many due jobs as it has room for.
 */
export class Fetcher {
  private stopped = false;
  private pumped = false;
  private inFlight = 0;
  /** Of those in flight, or about to be, how many never waited in the queue. */
  private takenOver = 0;
  private wake: (() => void) | undefined;
  private loop: Promise<void> | undefined;
  /** When the database last answered; the worker gives up when that is too long ago. */
  answeredAt = Date.now();

  constructor(private readonly options: FetcherOptions) {}

  start(): void {
    this.loop ??= this.run();
  }

  /** Looks at the queue now. */
  pump(): void {
    this.pumped = true;
    this.wake?.();
  }

  /** Looks at the queue when a job that this process put off falls due. */
  pumpIn(ms: number): void {
    if (ms < POLL_MS) setTimeout(() => this.pump(), ms + 1).unref();
  }

  /**
   * Keeps places for jobs that this process leases as it enqueues them. Only half of all places: the
   * other half is for what has waited in the queue, in its order.
   * @param finishing jobs in flight whose places become free at the same moment.
   * @returns how many; to be given back with `unreserve`.
   */
  reserve(finishing: number): number {
    const { capacity } = this.options;
    const free = Math.min(Math.floor(capacity / 2) - this.takenOver, capacity - this.inFlight + finishing);
    const places = Math.max(0, free);
    this.takenOver += places;
    return places;
  }

  unreserve(places: number): void {
    this.takenOver -= places;
  }

  /** Works on jobs that this process leased itself. */
  takeOver(jobs: readonly ClaimedJob[]): void {
    for (const job of jobs) {
      this.takenOver += 1;
      void this.work(job).finally(() => (this.takenOver -= 1));
    }
  }

  /** Stops claiming; jobs in flight go on. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.pump();
    await this.loop;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      this.pumped = false;
      const room = this.options.capacity - this.inFlight;
      try {
        if (room > 0) await this.claim(room);
        failures = 0;
      } catch (error) {
        failures += 1;
        this.options.logger.warn({ err: error, failures }, 'the queue could not be read');
        await this.sleep(backoffMs(failures, POLL_MS, 5_000));
        continue;
      }
      if (!this.pumped) await this.sleep(POLL_MS);
    }
  }

  private async claim(room: number): Promise<void> {
    const claimed = await claimJobs(this.options.db, this.options.workerId, room);
    this.answeredAt = Date.now();
    for (const job of claimed) void this.work(job);
  }

  private async work(job: ClaimedJob): Promise<void> {
    this.inFlight += 1;
    await this.options.handle(job);
    this.inFlight -= 1;
    this.pump();
  }

  private async sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.wake = undefined;
  }
}
