import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { signInFailures } from '@/db/schema';
import { AppError } from '@/server/domain/errors';

const WINDOW = sql`now() - interval '15 minutes'`;
/** Tries per window. The second and third hold back guesses that come with ever new addresses or names. */
const LIMIT = { usernameAndAddress: 5, username: 50, address: 100 };

/**
 * Counts a try before the password is looked at, so that tries sent at the same moment count too.
 * @throws AppError `rate_limited` when there were too many.
 */
export async function countSignInTry(db: Database, username: string, address: string): Promise<void> {
  await db.delete(signInFailures).where(sql`${signInFailures.at} < now() - interval '1 hour'`);
  await db.insert(signInFailures).values({ username, address });
  const [count] = await db
    .select({
      both: sql<number>`count(*) filter (where ${signInFailures.username} = ${username} and ${signInFailures.address} = ${address})::int`,
      username: sql<number>`count(*) filter (where ${signInFailures.username} = ${username})::int`,
      address: sql<number>`count(*) filter (where ${signInFailures.address} = ${address})::int`,
    })
    .from(signInFailures)
    .where(
      and(
        sql`${signInFailures.at} > ${WINDOW}`,
        sql`(${signInFailures.username} = ${username} or ${signInFailures.address} = ${address})`,
      ),
    );
  const over =
    count &&
    (count.both > LIMIT.usernameAndAddress ||
      count.username > LIMIT.username ||
      count.address > LIMIT.address);
  if (over) throw new AppError('rate_limited', 'Too many failed sign-ins. Wait 15 minutes and try again.');
}

/** A success shows that the tries before it were the person's own. */
export async function forgetSignInTries(db: Database, username: string, address: string): Promise<void> {
  await db
    .delete(signInFailures)
    .where(and(eq(signInFailures.username, username), eq(signInFailures.address, address)));
}
