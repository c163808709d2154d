import { hostname } from 'node:os';
import { eq, lt, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { events, workers } from '@/db/schema';
import type { Logger } from '@/server/log';

const HEARTBEAT_MS = 2_000;
const HOUSEKEEPING_MS = 60_000;
/** A browser that was away for longer reads everything anew instead of catching up. */
const KEEP_EVENTS_HOURS = 24;
const DEAD_AFTER_SECONDS = 30;

/** Shows that this worker lives, and clears away what dead ones and old days left. */
export class Presence {
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly db: Database,
    private readonly workerId: string,
    private readonly version: string,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    this.every(HEARTBEAT_MS, () => this.beat());
    this.every(HOUSEKEEPING_MS, () => this.clearAway());
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.db.delete(workers).where(eq(workers.id, this.workerId));
  }

  private every(ms: number, work: () => Promise<void>): void {
    const run = () => {
      work().catch((error: unknown) => this.logger.warn({ err: error }, 'housekeeping failed'));
    };
    this.timers.push(setInterval(run, ms));
  }

  /** Also comes back after another worker took this one for dead. */
  private async beat(): Promise<void> {
    await this.db
      .insert(workers)
      .values({ id: this.workerId, host: hostname(), pid: process.pid, version: this.version })
      .onConflictDoUpdate({ target: workers.id, set: { seenAt: sql`now()` } });
  }

  /** Removes old events, and workers that have not been seen for a while. */
  async clearAway(): Promise<void> {
    await this.db.delete(events).where(lt(events.at, sql`now() - ${KEEP_EVENTS_HOURS} * interval '1 hour'`));
    await this.db
      .delete(workers)
      .where(lt(workers.seenAt, sql`now() - ${DEAD_AFTER_SECONDS} * interval '1 second'`));
  }
}
