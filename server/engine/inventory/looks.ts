import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { CHANNEL, type LookAnswer, type LookRequest, lookRequestSchema } from '@/server/domain/events';
import { lostReason } from '@/server/engine/inventory/lost-reason';

/** Less than whoever asked waits for any answer at all. */
const PATIENCE_MS = 15_000;

export type LookAt = (request: LookRequest) => Promise<void>;

/** By account, who can look at its clusters: the watches of this worker. */
export class Lookers {
  private readonly known = new Map<string, LookAt>();

  /** @param patienceMs how long a platform may take; tests have less patience. */
  constructor(private readonly patienceMs = PATIENCE_MS) {}

  /** @returns what ends it. */
  add(account: string, lookAt: LookAt): () => void {
    this.known.set(account, lookAt);
    return () => {
      if (this.known.get(account) === lookAt) this.known.delete(account);
    };
  }

  /** Looks, and says how it went. Accounts that another worker watches are left to that one. */
  async hear(db: Database, payload: string): Promise<void> {
    const request = requestIn(payload);
    const lookAt = request && this.known.get(request.account);
    if (!lookAt) return;
    const error = await this.inTime(lookAt(request)).then(
      () => null,
      (failure: unknown) => lostReason(failure).slice(0, 500),
    );
    const answer: LookAnswer = { id: request.id, error };
    await db.execute(sql`SELECT pg_notify(${CHANNEL.looked}, ${JSON.stringify(answer)})`);
  }

  /** A platform that hangs is told from a worker that is not there: the look itself goes on until it is given up. */
  private async inTime(look: Promise<void>): Promise<void> {
    const over = new AbortController();
    const late = pause(this.patienceMs, undefined, { signal: over.signal }).then(() => {
      throw new Error(
        `The platform has not answered within ${this.patienceMs / 1_000} s. It is looked at with the next sweep.`,
      );
    });
    try {
      await Promise.race([look, late]);
    } finally {
      // Nobody waits for the other one any more; its failure must not count as unhandled.
      for (const left of [look, late]) left.catch(() => undefined);
      over.abort();
    }
  }
}

function requestIn(payload: string): LookRequest | null {
  try {
    return lookRequestSchema.parse(JSON.parse(payload));
  } catch {
    // Only we write to the channel; a newer version may write what this one does not know.
    return null;
  }
}
