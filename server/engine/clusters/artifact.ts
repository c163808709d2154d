import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { artifacts } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';

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

/**
 * A version in the form that an environment runs: a package, a container image and a machine image of one release
 * have digests of their own, so each is an artifact of its own name, and the version is what they share.
 */
export async function artifactFor(
  db: Database,
  environment: { readonly name: string; readonly artifact: string },
  delivered: ArtifactRef,
): Promise<{ readonly artifact: ArtifactRef } | { readonly why: Message }> {
  if (environment.artifact === delivered.name) return { artifact: delivered };
  const wanted = { name: environment.artifact, version: delivered.version };
  const artifact = await readArtifact(db, wanted);
  if (artifact) return { artifact };
  return { why: message('engine.deploy.noForm', { ...wanted, environment: environment.name }) };
}
