import { eq } from 'drizzle-orm';
import { applications } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

/** @throws AppError `not_found` naming what exists. */
export async function findApplication(db: Reader, name: string): Promise<typeof applications.$inferSelect> {
  const [row] = await db.select().from(applications).where(eq(applications.name, name));
  if (row) return row;
  const known = await db
    .select({ name: applications.name })
    .from(applications)
    .orderBy(applications.name)
    .limit(20);
  throw new AppError(
    'not_found',
    `There is no application "${name}". ${listed(
      'Applications',
      known.map((a) => a.name),
    )}`,
  );
}
