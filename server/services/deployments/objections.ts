import type { z } from 'zod';
import { isAppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { DeployObjection } from '@/server/domain/views/deployment';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { objectionsTo } from '@/server/services/deployments/admit';
import { findDeployEnvironment } from '@/server/services/deployments/find-environment';
import { pinAgainst } from '@/server/services/deployments/guards';
import { startDeploymentInput } from '@/server/services/deployments/start';
import { startableWith } from '@/server/services/executions/launch';
import { findPipeline } from '@/server/services/pipelines/find';

export const deployObjectionsInput = startDeploymentInput.omit({ idempotencyKey: true });

type Pipeline = Awaited<ReturnType<typeof findPipeline>>;

/** All that a start of the deploy would be refused for now, by the checks that it makes itself. */
export async function readDeployObjections(
  ctx: ServiceContext,
  input: z.output<typeof deployObjectionsInput>,
): Promise<DeployObjection[]> {
  requirePermission(ctx, 'read');
  const { name, version, digest } = await findArtifact(ctx.db, input.artifact, input.version);
  const artifact: ArtifactRef = { name, version, digest };
  const place = await findDeployEnvironment(ctx.db, input);
  const pipeline = await findPipeline(ctx.db, place.application, place.pipeline);
  const everywhere = await objectionsTo(ctx.db, pipeline, artifact);
  const known = everywhere.some((one) => one.kind === 'pinned' && one.environment === place.name);
  const here = known ? null : await pinAgainst(ctx.db, place, artifact);
  return [...unstartable(pipeline), ...everywhere, ...(here ? [here] : [])];
}

function unstartable(pipeline: Pipeline): DeployObjection[] {
  try {
    startableWith(pipeline, {});
    return [];
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [{ kind: 'pipeline', pipeline: pipeline.name, why: error.message }];
  }
}
