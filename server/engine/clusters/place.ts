import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import { eachOnce, NAMED_ONCE } from '@/server/domain/pipeline';
import { type EnvironmentRow, environmentOf, readEnvironment } from '@/server/engine/clusters/environment';
import type { StageContext } from '@/server/engine/stages/stage';

/** Some of a cluster's regions. */
export const regionsSchema = z
  .array(z.string().meta({ widget: 'region' }))
  .min(1)
  .refine(eachOnce, NAMED_ONCE);

/** Fields with which a stage names the cluster it works on. */
export const placeShape = {
  /** Whose cluster; or account and cluster, for one that belongs to no environment. */
  environment: z.string().meta({ widget: 'environment' }).optional(),
  account: z.string().meta({ widget: 'account' }).optional(),
  application: z.string().meta({ widget: 'application' }).optional(),
  cluster: z.string().meta({ widget: 'cluster' }).optional(),
  /** The environment's regions when absent. */
  regions: regionsSchema.optional(),
};
const placeSchema = z.object(placeShape);
export type PlaceConfig = z.infer<typeof placeSchema>;

/** For `superRefine` of a schema that has these fields. */
export function requirePlace(config: PlaceConfig, check: z.RefinementCtx): void {
  if (config.environment ?? (config.account && config.cluster && config.regions)) return;
  const message = 'name an environment, or account, cluster and regions';
  check.addIssue({ code: 'custom', message, path: ['environment'] });
}

/** A cluster over its regions. */
export interface Place {
  readonly account: string;
  readonly application: string;
  readonly cluster: string;
  readonly regions: readonly string[];
  /** To which the cluster belongs, if to any. */
  readonly environment: EnvironmentRow | null;
}

/** The cluster that a stage names; null when the environment does not exist. */
export async function placeOf({
  config,
  execution,
  services,
}: StageContext<PlaceConfig>): Promise<Place | null> {
  const { environment, account, cluster } = config;
  if (environment !== undefined) {
    const row = await readEnvironment(services.db, execution.application, environment);
    if (!row) return null;
    return {
      account: row.account,
      application: row.application,
      cluster: row.cluster,
      regions: config.regions ?? row.regions,
      environment: row,
    };
  }
  if (!account || !cluster) return null;
  const row = await environmentOf(services.db, account, cluster);
  const application = config.application ?? row?.application ?? execution.application;
  const regions = config.regions ?? row?.regions ?? [];
  return { account, cluster, application, regions, environment: row ?? null };
}

/**
 * The cluster that a stage names, or why it cannot be worked on. Regions of a cluster that is named by its
 * account are taken as they are: groups may be left where its environment is no more.
 */
export async function requiredPlace(
  context: StageContext<PlaceConfig>,
): Promise<Place | { readonly error: Message }> {
  const { config, execution } = context;
  const place = await placeOf(context);
  const environment = config.environment ?? '';
  if (!place) {
    const { application } = execution;
    return { error: message('engine.deploy.unknownEnvironment', { application, environment }) };
  }
  const foreign = config.environment === undefined ? undefined : foreignRegion(place, place.environment);
  return foreign === undefined
    ? place
    : { error: message('engine.deploy.unknownRegion', { region: foreign, environment }) };
}

function foreignRegion({ regions }: Place, environment: EnvironmentRow | null): string | undefined {
  return regions.find((region) => !environment?.regions.includes(region));
}

/** Names of the server groups that deploy stages of this execution have created. */
export async function createdHere({ execution, services }: StageContext): Promise<ReadonlySet<string>> {
  const rows = await services.db
    .select({ config: stages.config })
    .from(stages)
    .where(and(eq(stages.executionId, execution.id), eq(stages.type, 'createServerGroup')));
  return new Set(rows.map((row) => `${String(row.config.region)}/${String(row.config.serverGroup)}`));
}
