import { eq } from 'drizzle-orm';
import { accounts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

/** @throws AppError `not_found` naming what exists. */
export async function findAccount(db: Reader, name: string): Promise<typeof accounts.$inferSelect> {
  const [row] = await db.select().from(accounts).where(eq(accounts.name, name));
  if (row) return row;
  const known = await db.select({ name: accounts.name }).from(accounts).orderBy(accounts.name).limit(20);
  throw new AppError(
    'not_found',
    `There is no account "${name}". ${listed(
      'Accounts',
      known.map((one) => one.name),
    )}`,
  );
}
