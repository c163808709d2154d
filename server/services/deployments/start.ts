import { z } from 'zod';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireDeployable } from '@/server/services/deployments/admit';
import { findDeployEnvironment } from '@/server/services/deployments/find-environment';
import { requireNotPinned } from '@/server/services/deployments/guards';
import { launch } from '@/server/services/executions/launch';
import { findPipeline } from '@/server/services/pipelines/find';

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
    const place = await findDeployEnvironment(tx, input);
    const pipeline = await findPipeline(tx, place.application, place.pipeline);
    await requireDeployable(tx, pipeline, artifact);
    await requireNotPinned(tx, place, artifact);
    return launch(tx, actor, {
      pipeline,
      environment: place.name,
      artifact: { name: artifact.name, version: artifact.version, digest: artifact.digest },
      idempotencyKey: input.idempotencyKey,
      note: `deploy ${artifact.name} ${artifact.version} to ${place.name}`,
    });
  });
}
