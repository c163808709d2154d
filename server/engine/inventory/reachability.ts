import { and, eq, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { accounts } from '@/db/schema';
import { NO_ANSWER } from '@/server/domain/unseen';

/** Often enough to show freshness, seldom enough to cost nothing. */
const SEEN_EVERY_SECONDS = 5;

/**
 * Notes that the platform is followed, and when it was last seen. Tells people only when it was lost before.
 * @param seenAt on our clock, which need not be that of the database.
 */
export async function markSeen(db: Database, account: string, seenAt: Date): Promise<void> {
  const ageMs = Math.max(0, Date.now() - seenAt.getTime());
  const seen = { seenAt: sql`now() - ${ageMs} * interval '1 millisecond'`, watchedAt: sql`now()` };
  await db.transaction(async (tx) => {
    const back = await tx
      .update(accounts)
      .set({ ...seen, error: null })
      .where(and(eq(accounts.name, account), or(isNull(accounts.seenAt), sql`${accounts.error} IS NOT NULL`)))
      .returning({ name: accounts.name });
    if (back.length > 0) {
      await recordEvents(tx, [{ kind: 'account', subject: account, status: 'reachable' }]);
      return;
    }
    await tx
      .update(accounts)
      .set(seen)
      .where(
        and(
          eq(accounts.name, account),
          or(
            isNull(accounts.watchedAt),
            lt(accounts.watchedAt, sql`now() - ${SEEN_EVERY_SECONDS} * interval '1 second'`),
          ),
        ),
      );
  });
}

/** Notes why the platform cannot be reached, as it was last. Tells people only when it could be before. */
export async function markLost(db: Database, account: string, reason: string): Promise<void> {
  const error = reason.slice(0, 500);
  await db.transaction(async (tx) => {
    if (await lose(tx, account, error)) return;
    await tx
      .update(accounts)
      .set({ error })
      .where(and(eq(accounts.name, account), ne(accounts.error, error)));
  });
}

/** Notes that the platform gives no answer at all, unless it is known already that it is lost. */
export async function markSilent(db: Database, account: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lose(tx, account, NO_ANSWER);
  });
}

/** @returns whether it was not lost before. */
async function lose(tx: Transaction, account: string, error: string): Promise<boolean> {
  const lost = await tx
    .update(accounts)
    .set({ error })
    .where(and(eq(accounts.name, account), isNull(accounts.error)))
    .returning({ name: accounts.name });
  if (lost.length === 0) return false;
  await recordEvents(tx, [{ kind: 'account', subject: account, status: 'lost' }]);
  return true;
}
