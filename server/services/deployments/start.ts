import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNotPinned, requireNotVetoed } from '@/server/services/deployments/guards';
import { launch } from '@/server/services/executions/launch';
import { findPipeline } from '@/server/services/pipelines/find';
import { listed } from '@/server/services/shared/sentences';

export const startDeploymentInput = z.object({
  artifact: z.string().min(1),
  environment: z.string().min(1),
  version: z.string().min(1),
  /** Needed only when several applications run the artifact in an environment of that name. */
  application: z.string().optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
});

type Input = z.output<typeof startDeploymentInput>;

/** Deploys a version to an environment through its pipeline. */
export async function startDeployment(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'execution.start');
  return ctx.db.transaction(async (tx) => {
    const artifact = await findArtifact(tx, input.artifact, input.version);
    const place = await findEnvironment(tx, input);
    await requireNotVetoed(tx, artifact);
    await requireNotPinned(tx, place, artifact);
    return launch(tx, actor, {
      pipeline: await findPipeline(tx, place.application, place.pipeline),
      environment: place.name,
      artifact: { name: artifact.name, version: artifact.version, digest: artifact.digest },
      idempotencyKey: input.idempotencyKey,
      note: `deploy ${artifact.name} ${artifact.version} to ${place.name}`,
    });
  });
}

async function findEnvironment(tx: Transaction, input: Input): Promise<typeof environments.$inferSelect> {
  const own = input.application === undefined ? undefined : eq(environments.application, input.application);
  const places = await tx
    .select()
    .from(environments)
    .where(and(eq(environments.artifact, input.artifact), own));
  const found = places.filter((place) => place.name === input.environment);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) {
    const applications = found.map((place) => place.application);
    throw new AppError(
      'bad_request',
      `Several applications run ${input.artifact} in "${input.environment}". Say which, with application: ${applications.join(', ')}.`,
      { applications },
    );
  }
  const known = [...new Set(places.map((place) => place.name))].toSorted();
  const whose = input.application === undefined ? '' : ` of the application "${input.application}"`;
  throw new AppError(
    'not_found',
    `No environment "${input.environment}"${whose} runs the artifact "${input.artifact}". ${listed('Environments', known)}`,
  );
}
