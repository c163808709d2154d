import { eq } from 'drizzle-orm';
import { metricsSources } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

export type MetricsSourceRow = typeof metricsSources.$inferSelect;

/** @throws AppError `not_found` naming those that there are. */
export async function findMetricsSource(db: Reader, name: string): Promise<MetricsSourceRow> {
  const [row] = await db.select().from(metricsSources).where(eq(metricsSources.name, name));
  if (row) return row;
  const known = await db
    .select({ name: metricsSources.name })
    .from(metricsSources)
    .orderBy(metricsSources.name);
  throw new AppError(
    'not_found',
    `There is no metrics source "${name}". ${listed(
      'Sources',
      known.map((one) => one.name),
    )}`,
  );
}
