import { and, eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { recordEvents } from '@/db/events';
import { artifacts } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';

/**
 * Makes an artifact known that came about on a platform.
 * @returns false when its name and version stand for something else, which stays what it is.
 */
export function registerArtifact(
  db: Database,
  { name, version, digest }: ArtifactRef,
  metadata: Readonly<Record<string, string>>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const created = await tx
      .insert(artifacts)
      .values({ name, version, digest, metadata })
      .onConflictDoNothing({ target: [artifacts.name, artifacts.version] })
      .returning({ digest: artifacts.digest });
    if (created.length > 0) {
      await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
      return true;
    }
    const [known] = await tx
      .select({ digest: artifacts.digest })
      .from(artifacts)
      .where(and(eq(artifacts.name, name), eq(artifacts.version, version)));
    return known?.digest === digest;
  });
}
