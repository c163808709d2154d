import { eq } from 'drizzle-orm';
import { applications, serverGroups } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

type Application = typeof applications.$inferSelect;

/** @throws AppError `not_found` naming what exists. */
export async function findApplication(db: Reader, name: string): Promise<Application> {
  const row = await known(db, name);
  if (row) return row;
  throw await unknown(db, name);
}

/**
 * An application that is set up here; null for one that was only seen on a platform.
 * @throws AppError `not_found` naming what exists.
 */
export async function findSeenApplication(db: Reader, name: string): Promise<Application | null> {
  const row = await known(db, name);
  if (row) return row;
  const [seen] = await db
    .select({ name: serverGroups.name })
    .from(serverGroups)
    .where(eq(serverGroups.application, name))
    .limit(1);
  if (seen) return null;
  throw await unknown(db, name);
}

async function known(db: Reader, name: string): Promise<Application | undefined> {
  const [row] = await db.select().from(applications).where(eq(applications.name, name));
  return row;
}

async function unknown(db: Reader, name: string): Promise<AppError> {
  const rows = await db
    .select({ name: applications.name })
    .from(applications)
    .orderBy(applications.name)
    .limit(20);
  return new AppError(
    'not_found',
    `There is no application "${name}". ${listed(
      'Applications',
      rows.map((row) => row.name),
    )}`,
  );
}
