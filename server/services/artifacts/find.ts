import { and, desc, eq } from 'drizzle-orm';
import { artifacts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

/** @throws AppError `not_found` naming what there is. */
export async function findArtifact(
  db: Reader,
  name: string,
  version: string,
): Promise<typeof artifacts.$inferSelect> {
  const [row] = await db
    .select()
    .from(artifacts)
    .where(and(eq(artifacts.name, name), eq(artifacts.version, version)));
  if (row) return row;
  const versions = await db
    .select({ version: artifacts.version })
    .from(artifacts)
    .where(eq(artifacts.name, name))
    .orderBy(desc(artifacts.createdAt))
    .limit(10);
  if (versions.length > 0) {
    const known = listed(
      'Versions',
      versions.map((one) => one.version),
    );
    throw new AppError('not_found', `There is no version "${version}" of the artifact "${name}". ${known}`);
  }
  const names = await db.selectDistinct({ name: artifacts.name }).from(artifacts).limit(20);
  throw new AppError(
    'not_found',
    `There is no artifact "${name}". ${listed(
      'Artifacts',
      names.map((a) => a.name),
    )}`,
  );
}
