import { and, eq } from 'drizzle-orm';
import { canaryConfigs } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { findApplication } from '@/server/services/applications/find';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

export type CanaryConfigRow = typeof canaryConfigs.$inferSelect;

export function isNamed(application: string, name: string) {
  return and(eq(canaryConfigs.application, application), eq(canaryConfigs.name, name));
}

/** @throws AppError `not_found` naming the application's configurations. */
export async function findCanaryConfig(
  db: Reader,
  application: string,
  name: string,
): Promise<CanaryConfigRow> {
  const [row] = await db.select().from(canaryConfigs).where(isNamed(application, name));
  if (row) return row;
  await findApplication(db, application);
  const known = await db
    .select({ name: canaryConfigs.name })
    .from(canaryConfigs)
    .where(eq(canaryConfigs.application, application))
    .orderBy(canaryConfigs.name);
  throw new AppError(
    'not_found',
    `The application "${application}" has no canary configuration "${name}". ${listed(
      'Configurations',
      known.map((one) => one.name),
    )}`,
  );
}
