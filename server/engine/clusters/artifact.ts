import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { artifacts } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';

/** An artifact as people name it: its identity, the digest, is looked up. */
export const namedArtifactSchema = z.object({
  name: z.string().min(1).meta({ widget: 'artifact' }),
  version: z.string().min(1),
});

/** The artifact of a name and version, if it was published. */
export async function readArtifact(
  db: Database,
  { name, version }: z.infer<typeof namedArtifactSchema>,
): Promise<ArtifactRef | null> {
  const [row] = await db
    .select({ name: artifacts.name, version: artifacts.version, digest: artifacts.digest })
    .from(artifacts)
    .where(and(eq(artifacts.name, name), eq(artifacts.version, version)));
  return row ?? null;
}
