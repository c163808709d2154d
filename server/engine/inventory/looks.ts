import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { CHANNEL, type LookAnswer, type LookRequest, lookRequestSchema } from '@/server/domain/events';
import { failureReason } from '@/server/engine/failure-reason';

export type LookAt = (request: LookRequest) => Promise<void>;

/** By account, who can look at its clusters: the watches of this worker. */
export class Lookers {
  private readonly known = new Map<string, LookAt>();

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
    const error = await lookAt(request).then(
      () => null,
      (failure: unknown) => failureReason(failure).text.slice(0, 500),
    );
    const answer: LookAnswer = { id: request.id, error };
    await db.execute(sql`SELECT pg_notify(${CHANNEL.looked}, ${JSON.stringify(answer)})`);
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
