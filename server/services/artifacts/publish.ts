import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { artifacts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { slugSchema } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const publishArtifactInput = z.object({
  name: slugSchema,
  version: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._+-]{0,127}$/, 'use letters, digits, dots, hyphens and plus signs'),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must look like sha256:<64 hex digits>'),
  metadata: z.record(z.string(), z.string().max(2000)).default({}),
});

/** Registers an artifact. A version is built once: the same again is fine, another digest is refused. */
export async function publishArtifact(
  ctx: ServiceContext,
  input: z.output<typeof publishArtifactInput>,
): Promise<ArtifactRef & { created: boolean }> {
  const actor = requirePermission(ctx, 'artifact.publish');
  const { name, version, digest, metadata } = input;
  return ctx.db.transaction(async (tx) => {
    const [created] = await tx
      .insert(artifacts)
      .values({ name, version, digest, metadata })
      .onConflictDoNothing({ target: [artifacts.name, artifacts.version] })
      .returning();
    if (!created) {
      const [earlier] = await tx
        .select()
        .from(artifacts)
        .where(and(eq(artifacts.name, name), eq(artifacts.version, version)));
      if (earlier?.digest === digest) return { name, version, digest, created: false };
      throw otherContent(name, version);
    }
    await recordAudit(tx, actor, {
      action: 'artifact.publish',
      subject: `${name} ${version}`,
      after: { digest, metadata },
    });
    await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
    return { name, version, digest, created: true };
  });
}

/** The refusal when a version is to mean something else than it did. */
export function otherContent(name: string, version: string): AppError {
  return new AppError(
    'conflict',
    `${name} ${version} exists with other content. Artifacts never change: publish it under a new version. If it is another form of this version, such as a container image beside a package, give it a name of its own.`,
  );
}
