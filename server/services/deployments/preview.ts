import type { z } from 'zod';
import { type ArtifactRef, capacitySchema } from '@/server/domain/inventory';
import type { DeploymentPreview, StagePreview, StepPreview } from '@/server/domain/views/execution';
import { type OutlookStep, outlookOf, type StageOutlook } from '@/server/engine/outlook/outlook';
import { isServerlessKind, readPlatforms } from '@/server/services/accounts/platforms';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { accountLoader } from '@/server/services/deployments/account-loader';
import { findDeployEnvironment } from '@/server/services/deployments/find-environment';
import { creationsIn, previewRegion } from '@/server/services/deployments/preview-region';
import { startDeploymentInput } from '@/server/services/deployments/start';
import { startableWith } from '@/server/services/executions/launch';
import { findPipeline } from '@/server/services/pipelines/find';

const PATIENCE_MS = 15_000;

export const previewDeploymentInput = startDeploymentInput.omit({ idempotencyKey: true });

/**
 * What a deploy would do, by the plans of its pipeline's stages, and what the platform would be given for each
 * server group that it creates. Nothing is changed.
 */
export async function previewDeployment(
  ctx: ServiceContext,
  input: z.output<typeof previewDeploymentInput>,
): Promise<DeploymentPreview> {
  const actor = requirePermission(ctx, 'read');
  const { name, version, digest } = await findArtifact(ctx.db, input.artifact, input.version);
  const artifact: ArtifactRef = { name, version, digest };
  const place = await findDeployEnvironment(ctx.db, input);
  const { application, name: environment, account } = place;
  const pipeline = await findPipeline(ctx.db, application, place.pipeline);
  const parameters = startableWith(pipeline, {});
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const services = { db: ctx.db, clock: ctx.clock, provider: accountLoader(ctx.db) };
  const imagined = { application, environment, artifact, parameters, startedBy: actor.name };
  const stages = await outlookOf(services, imagined, pipeline.definition, limit);
  const { kind } = (await readPlatforms(ctx.db))(account);
  const creations = creationsIn(stages, place);
  const regions = place.regions.filter((region) => creations.some((one) => one.region === region));
  const provider = regions.length > 0 ? await services.provider(account) : null;
  return {
    application,
    environment,
    account,
    version,
    pipeline: pipeline.name,
    stages: stages.map((stage) => stageView(stage, isServerlessKind(kind))),
    regions: await Promise.all(
      regions.flatMap((region) => {
        const here = creations.filter((one) => one.region === region);
        return provider ? [previewRegion(provider, place, region, here, limit)] : [];
      }),
    ),
  };
}

function stageView({ stage, steps, refusal, later }: StageOutlook, serverless: boolean): StagePreview {
  const { refId, type, name } = stage;
  const first = (steps ?? []).filter(({ requires }) => requires.length === 0);
  const regionsAtOnce = first.length > 1;
  return {
    refId,
    type,
    name,
    steps: steps?.map((step) => stepView(step, serverless)) ?? null,
    regionsAtOnce,
    refusal,
    later,
  };
}

function stepView({ type, name, config, refusal, warning }: OutlookStep, serverless: boolean): StepPreview {
  const { region } = name.values;
  const where = typeof region === 'string' ? region : null;
  return { region: where, type, name, instances: serverless ? null : sizeOf(config), refusal, warning };
}

/** The configuration of a step is as wide as its type; a capacity is always the same. */
function sizeOf({ capacity }: OutlookStep['config']): number | null {
  const parsed = capacitySchema.safeParse(capacity);
  return parsed.success ? parsed.data.desired : null;
}
