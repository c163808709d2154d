import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { environments } from '@/db/schema';
import { environmentOf, reachOf } from '@/server/domain/deploy-targets';
import { type ArtifactRef, capacitySchema } from '@/server/domain/inventory';
import type {
  DeploymentPreview,
  RegionPreview,
  StagePreview,
  StepPreview,
} from '@/server/domain/views/execution';
import { type OutlookStep, outlookOf, type StageOutlook } from '@/server/engine/outlook/outlook';
import type { Provider } from '@/server/providers/provider';
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
  const platformOf = await readPlatforms(ctx.db);
  const places = await ctx.db.select().from(environments).where(eq(environments.application, application));
  const regions = reachOf(pipeline.definition, places, place).map((one) =>
    previewPlace(services.provider, one, stages, limit),
  );
  return {
    application,
    environment,
    account,
    version,
    pipeline: pipeline.name,
    stages: stages.map((stage) =>
      stageView(stage, (step) => isServerlessKind(platformOf(accountOf(step) ?? account).kind)),
    ),
    regions: (await Promise.all(regions)).flat(),
  };
}

/** What its platform would be given in each region where a server group is created. */
async function previewPlace(
  providerOf: (account: string) => Promise<Provider>,
  place: typeof environments.$inferSelect,
  stages: readonly StageOutlook[],
  limit: AbortSignal,
): Promise<RegionPreview[]> {
  const creations = creationsIn(stages, place);
  if (creations.length === 0) return [];
  const provider = await providerOf(place.account);
  const regions = place.regions.filter((region) => creations.some((one) => one.region === region));
  return Promise.all(
    regions.map((region) => {
      const here = creations.filter((one) => one.region === region);
      return previewRegion(provider, place, region, here, limit);
    }),
  );
}

type IsServerless = (step: OutlookStep) => boolean;

function stageView({ stage, steps, refusal, later }: StageOutlook, isServerless: IsServerless): StagePreview {
  const { refId, type, name } = stage;
  const first = (steps ?? []).filter(({ requires }) => requires.length === 0);
  const regionsAtOnce = first.length > 1;
  return {
    refId,
    type,
    name,
    environment: environmentOf(stage),
    steps: steps?.map((step) => stepView(step, isServerless(step))) ?? null,
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

/** Steps of one pipeline may be on several platforms. */
function accountOf({ config: { account } }: OutlookStep): string | null {
  return typeof account === 'string' ? account : null;
}

/** The configuration of a step is as wide as its type; a capacity is always the same. */
function sizeOf({ capacity }: OutlookStep['config']): number | null {
  const parsed = capacitySchema.safeParse(capacity);
  return parsed.success ? parsed.data.desired : null;
}
