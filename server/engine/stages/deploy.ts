import { z } from 'zod';
import type { ArtifactRef, ClusterRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import { admissionObjection, capabilityObjection } from '@/server/engine/clusters/admission';
import { awaitShown } from '@/server/engine/clusters/await-shown';
import { type EnvironmentRow, readEnvironment } from '@/server/engine/clusters/environment';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { takeNewGroupsOut } from '@/server/engine/clusters/take-new-out';
import { clusterSlot } from '@/server/engine/clusters/target';
import type { ChildStage, PlanResult, StageContext, StageType } from '@/server/engine/stages/stage';
import { strategies } from '@/server/strategies/registry';

const configSchema = z
  .object({
    environment: z.string().meta({ widget: 'environment' }),
    strategy: z
      .string()
      .meta({ widget: 'strategy' })
      .refine((kind) => kind in strategies, `must be one of ${Object.keys(strategies).join(', ')}`),
    options: z.record(z.string(), z.unknown()).meta({ widget: 'strategyOptions' }).default({}),
    regionOrder: z.enum(['parallel', 'sequential']).default('parallel'),
    /** Some of the environment's regions; all when absent. */
    regions: z.array(z.string()).min(1).optional(),
  })
  .superRefine(({ strategy, options }, check) => {
    for (const issue of strategies[strategy]?.optionsSchema.safeParse(options).error?.issues ?? []) {
      check.addIssue({ code: 'custom', message: issue.message, path: ['options', ...issue.path] });
    }
  });
type Config = z.infer<typeof configSchema>;

/**
 * Puts the execution's artifact into an environment: in each region a new server group replaces the
 * old as the strategy says. The strategy's steps become child stages.
 *
 * When a step fails, the other regions stop at their next boundary, and then in each region in which
 * an older group still serves, the new one is taken out of traffic again (not destroyed, so that it
 * can be looked at). A region that had already gone over to the new group stays with it: taking it
 * out would leave nothing.
 */
export const deploy: StageType<Config> = {
  type: 'deploy',
  label: 'Deploy',
  group: 'deliver',
  artifact: 'needs',
  authorable: true,
  configSchema,
  async slot({ config, execution, services }) {
    const environment = await readEnvironment(services.db, execution.application, config.environment);
    return environment ? clusterSlot(environment.account, environment.cluster) : null;
  },
  plan,
  tasks: [awaitShown],
  onFailure: [takeNewGroupsOut],
};

async function plan(context: StageContext<Config>): Promise<PlanResult> {
  const { config, execution, services } = context;
  const strategy = strategies[config.strategy];
  const environment = await readEnvironment(services.db, execution.application, config.environment);
  if (!environment) {
    return refuse('engine.deploy.unknownEnvironment', {
      application: execution.application,
      environment: config.environment,
    });
  }
  if (!execution.artifact || !strategy) return refuse('engine.deploy.noArtifact');
  const foreign = config.regions?.find((region) => !environment.regions.includes(region));
  if (foreign)
    return refuse('engine.deploy.unknownRegion', { region: foreign, environment: environment.name });
  const objection =
    (await admissionObjection(services.db, environment, execution.artifact, services.clock.now())) ??
    (await capabilityObjection(services.db, environment.account, strategy));
  if (objection) return { status: 'errored', error: objection };

  const regions = config.regions ?? environment.regions;
  const observed = await Promise.all(
    regions.map((region) => planRegion(context, environment, execution.artifact, region)),
  );
  return {
    status: 'planned',
    children: observed.reduce(config.regionOrder === 'sequential' ? after : beside, []),
  };
}

async function planRegion(
  context: StageContext<Config>,
  environment: EnvironmentRow,
  artifact: ArtifactRef | null,
  region: string,
): Promise<ChildStage[]> {
  const strategy = strategies[context.config.strategy];
  if (!strategy || !artifact) return [];
  const { account, application, cluster, capacity } = environment;
  const ref: ClusterRef = { account, region, application, cluster };
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(ref, context.signal);
  const sequence = nextSequence(groups.flatMap((group) => group.sequence ?? []));
  const wanted = { serverGroup: serverGroupName(cluster, sequence), artifact, capacity };
  const steps = strategy.plan(groups, wanted, strategy.optionsSchema.parse(context.config.options));
  const balancer: ChildStage = {
    key: `${region}-0-upsertLoadBalancer`,
    type: 'upsertLoadBalancer',
    name: message('stage.upsertLoadBalancer', { loadBalancer: cluster, region }),
    requires: [],
    config: { ...ref },
  };
  const creation = { wanted, environment: environment.name, loadBalancers: [cluster] };
  return [balancer, ...stepStages(ref, steps, creation, [balancer.key])];
}

function beside(planned: ChildStage[], region: readonly ChildStage[]): ChildStage[] {
  return [...planned, ...region];
}

/** The first stage of a region waits for the last of the one before. */
function after(planned: ChildStage[], region: readonly ChildStage[]): ChildStage[] {
  const last = planned.at(-1);
  if (!last) return [...region];
  return [
    ...planned,
    ...region.map((child, index) => (index === 0 ? { ...child, requires: [last.key] } : child)),
  ];
}

function refuse(key: string, values: Record<string, string> = {}): { status: 'errored'; error: Message } {
  return { status: 'errored', error: message(key, values) };
}
