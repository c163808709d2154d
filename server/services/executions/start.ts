import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { environments, type pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNotPinned, requireNotVetoed } from '@/server/services/deployments/guards';
import { launch } from '@/server/services/executions/launch';
import { environmentOf } from '@/server/services/judgments/gated';
import { findPipeline } from '@/server/services/pipelines/find';

export const startExecutionInput = z.object({
  application: z.string(),
  pipeline: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  artifacts: z.array(z.object({ name: z.string(), version: z.string() })).default([]),
  idempotencyKey: z.string().min(1).max(200).optional(),
});

type Input = z.output<typeof startExecutionInput>;

/** Starts a pipeline. One that deploys needs the artifact it is to deploy. */
export async function startExecution(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'execution.start');
  return ctx.db.transaction(async (tx) => {
    const pipeline = await findPipeline(tx, input.application, input.pipeline);
    const artifact = await findGivenArtifact(tx, input);
    const targets = await deployTargets(tx, pipeline);
    if (targets.length > 0 && !artifact) {
      throw new AppError(
        'bad_request',
        `The pipeline "${pipeline.name}" deploys: say which artifact and version.`,
      );
    }
    if (artifact) {
      await requireNotVetoed(tx, artifact);
      for (const target of targets) await requireNotPinned(tx, target, artifact);
    }
    const [target] = targets;
    return launch(tx, actor, {
      pipeline,
      parameters: input.parameters,
      environment: target && targets.length === 1 ? target.name : null,
      artifact,
      idempotencyKey: input.idempotencyKey,
      note: `run ${pipeline.name}${artifact ? ` with ${artifact.name} ${artifact.version}` : ''}`,
    });
  });
}

async function findGivenArtifact(tx: Transaction, input: Input): Promise<ArtifactRef | null> {
  const [given, second] = input.artifacts;
  if (!given) return null;
  if (second) throw new AppError('bad_request', 'An execution delivers one artifact. Give one.');
  const { name, version, digest } = await findArtifact(tx, given.name, given.version);
  return { name, version, digest };
}

/** The environments that a pipeline's deploy stages go to. */
async function deployTargets(
  tx: Transaction,
  pipeline: typeof pipelines.$inferSelect,
): Promise<(typeof environments.$inferSelect)[]> {
  const names = new Set(pipeline.definition.stages.flatMap((stage) => environmentOf(stage) ?? []));
  const places = await tx
    .select()
    .from(environments)
    .where(eq(environments.application, pipeline.application));
  return places.filter((place) => names.has(place.name));
}
