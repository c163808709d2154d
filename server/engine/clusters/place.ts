import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import { environmentOf, readEnvironment } from '@/server/engine/clusters/environment';
import type { StageContext } from '@/server/engine/stages/stage';

/** Fields with which a stage names the cluster it works on. */
export const placeShape = {
  /** Whose cluster; or account and cluster, for one that belongs to no environment. */
  environment: z.string().meta({ widget: 'environment' }).optional(),
  account: z.string().meta({ widget: 'account' }).optional(),
  application: z.string().meta({ widget: 'application' }).optional(),
  cluster: z.string().meta({ widget: 'cluster' }).optional(),
  /** The environment's regions when absent. */
  regions: z
    .array(z.string().meta({ widget: 'region' }))
    .min(1)
    .optional(),
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
    };
  }
  if (!account || !cluster) return null;
  const row = await environmentOf(services.db, account, cluster);
  const application = config.application ?? row?.application ?? execution.application;
  return { account, cluster, application, regions: config.regions ?? row?.regions ?? [] };
}

/** What to say when `placeOf` answered null. */
export function unknownPlace({ config, execution }: StageContext<PlaceConfig>): Message {
  return message('engine.deploy.unknownEnvironment', {
    application: execution.application,
    environment: config.environment ?? '',
  });
}

/** Names of the server groups that deploy stages of this execution have created. */
export async function createdHere({ execution, services }: StageContext): Promise<ReadonlySet<string>> {
  const rows = await services.db
    .select({ config: stages.config })
    .from(stages)
    .where(and(eq(stages.executionId, execution.id), eq(stages.type, 'createServerGroup')));
  return new Set(rows.map((row) => `${String(row.config.region)}/${String(row.config.serverGroup)}`));
}
