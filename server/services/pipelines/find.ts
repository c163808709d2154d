import { and, eq } from 'drizzle-orm';
import { pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { findApplication } from '@/server/services/applications/find';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

/** @throws AppError `not_found` naming the application's pipelines. */
export async function findPipeline(
  db: Reader,
  application: string,
  name: string,
): Promise<typeof pipelines.$inferSelect> {
  const [row] = await db
    .select()
    .from(pipelines)
    .where(and(eq(pipelines.application, application), eq(pipelines.name, name)));
  if (row) return row;
  await findApplication(db, application);
  const known = await db
    .select({ name: pipelines.name })
    .from(pipelines)
    .where(eq(pipelines.application, application));
  throw new AppError(
    'not_found',
    `The application "${application}" has no pipeline "${name}". ${listed(
      'Pipelines',
      known.map((p) => p.name),
    )}`,
  );
}
