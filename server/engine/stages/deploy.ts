import { z } from 'zod';
import { type ArtifactRef, type ClusterRef, capacitySchema } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import { SERVERLESS_CAPACITY } from '@/server/domain/units';
import { comparedSequences } from '@/server/engine/analysis/record';
import { admissionObjection, capabilityObjection, isServerless } from '@/server/engine/clusters/admission';
import { artifactFor, namedArtifactSchema, readArtifact } from '@/server/engine/clusters/artifact';
import { awaitShown } from '@/server/engine/clusters/await-shown';
import { destroyNewGroups } from '@/server/engine/clusters/destroy-new';
import { type EnvironmentRow, readEnvironment } from '@/server/engine/clusters/environment';
import { regionsSchema } from '@/server/engine/clusters/place';
import { type Before, pictureOf, restoreSizes } from '@/server/engine/clusters/restore';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { takeNewGroupsOut } from '@/server/engine/clusters/take-new-out';
import { clusterSlot } from '@/server/engine/clusters/target';
import { readValidations } from '@/server/engine/clusters/validation';
import { vetoesAmong } from '@/server/engine/clusters/veto';
import type { ChildStage, PlanResult, StageContext, StageType } from '@/server/engine/stages/stage';
import { strategies } from '@/server/strategies/registry';
import type { Strategy } from '@/server/strategies/strategy';

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
    regions: regionsSchema.optional(),
    /** What to deploy; when absent, the version that the execution delivers in the form that the environment runs. */
    artifact: namedArtifactSchema.optional(),
    /** How many instances; the environment's when absent. */
    capacity: capacitySchema.optional(),
    /** How long a group's instances may take to become healthy. */
    healthTimeoutSeconds: z.number().int().min(1).max(86_400).meta({ widget: 'seconds' }).optional(),
    /** When it fails or is canceled: remove the new group once it is out of traffic, instead of keeping it. */
    destroyNewOnFailure: z.boolean().default(false),
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
 * When a step fails, the other regions stop at their next boundary; when it is canceled, all stop. Then in
 * each region in which an older group still serves, that gets its size back, and the new one is taken
 * out of traffic again (not destroyed unless asked, so that it can be looked at). A region that had
 * already gone over to the new group stays with it: taking it out would leave nothing.
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
  onFailure: [restoreSizes, takeNewGroupsOut, destroyNewGroups],
  onCancel: [restoreSizes, takeNewGroupsOut, destroyNewGroups],
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
  if (!strategy) return refuse('engine.deploy.noArtifact');
  const chosen = await artifactOf(context, environment);
  if ('why' in chosen) return { status: 'errored', error: chosen.why };
  const { artifact } = chosen;
  const foreign = config.regions?.find((region) => !environment.regions.includes(region));
  if (foreign)
    return refuse('engine.deploy.unknownRegion', { region: foreign, environment: environment.name });
  const objection =
    (await admissionObjection(services.db, environment, artifact, services.clock.now())) ??
    (await capabilityObjection(services.db, environment.account, strategy));
  if (objection) return { status: 'errored', error: objection };

  const regions = config.regions ?? environment.regions;
  const planned = await Promise.all(
    regions.map((region) => planRegion(context, environment, artifact, strategy, region)),
  );
  const refusal =
    planned.find((one) => one.refusal)?.refusal ??
    (strategy.interruptsTraffic ? downtimeObjection(environment, strategy, planned) : null);
  if (refusal) return { status: 'errored', error: refusal };
  return {
    status: 'planned',
    children: planned
      .map((one) => one.children)
      .reduce<ChildStage[]>(config.regionOrder === 'sequential' ? after : beside, []),
    outputs: {
      artifact: artifact.name,
      version: artifact.version,
      before: planned.map((one) => one.before),
    },
  };
}

async function artifactOf(
  { config, execution, services: { db } }: StageContext<Config>,
  environment: EnvironmentRow,
): Promise<{ readonly artifact: ArtifactRef } | { readonly why: Message }> {
  if (!config.artifact) {
    if (!execution.artifact) return { why: message('engine.deploy.noArtifact') };
    return artifactFor(db, environment, execution.artifact);
  }
  const artifact = await readArtifact(db, config.artifact);
  return artifact ? { artifact } : { why: message('engine.deploy.unknownArtifact', config.artifact) };
}

/** A guarded cluster that serves something refuses a strategy that takes it all away. */
function downtimeObjection(
  { guarded, cluster }: EnvironmentRow,
  strategy: Strategy,
  planned: readonly { readonly before: Before }[],
): Message | null {
  const serves = planned.some(({ before }) => before.groups.some((group) => group.enabled));
  if (!guarded || !serves) return null;
  return message('engine.deploy.interrupts', { cluster, strategy: strategy.label });
}

async function planRegion(
  context: StageContext<Config>,
  environment: EnvironmentRow,
  artifact: ArtifactRef,
  strategy: Strategy,
  region: string,
): Promise<{ readonly children: ChildStage[]; readonly before: Before; readonly refusal: Message | null }> {
  const { config } = context;
  const { account, application, cluster } = environment;
  const ref: ClusterRef = { account, region, application, cluster };
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(ref, context.signal);
  const there = groups.flatMap((group) => group.sequence ?? []);
  const compared = await comparedSequences(context.services.db, application, cluster);
  const gone = compared.filter((one) => one > (there.at(-1) ?? -1));
  const taken = (await provider.takenSequences?.(ref, context.signal)) ?? [];
  const sequence = nextSequence([...taken, ...there, ...gone]);
  const serverless = await isServerless(context.services.db, account);
  const capacity = serverless ? SERVERLESS_CAPACITY : (config.capacity ?? environment.capacity);
  const baseline = serverGroupName(cluster, sequence);
  // The new group is the newest by name, or the next one would be called like the baseline that is gone.
  const needsBaseline = strategy.comparesWithBaseline && !serverless;
  const serverGroup = needsBaseline ? serverGroupName(cluster, sequence + 1) : baseline;
  const vetoed = [...(await vetoesAmong(context.services.db, groups)).keys()];
  const wanted = { serverGroup, baseline, artifact, capacity, vetoed };
  const steps = strategy.plan(groups, wanted, strategy.optionsSchema.parse(config.options));
  const created = steps.flatMap((step) => (step.type === 'createServerGroup' ? [step.serverGroup] : []));
  const before = pictureOf(ref, created, groups);
  const validations = await readValidations(context.services.db, application, region, steps);
  if ('error' in validations) return { children: [], before, refusal: validations.error };
  const balancer: ChildStage = {
    key: `${region}-0-upsertLoadBalancer`,
    type: 'upsertLoadBalancer',
    name: message('stage.upsertLoadBalancer', { loadBalancer: cluster, region }),
    requires: [],
    config: { ...ref },
  };
  const creation = {
    wanted,
    environment: environment.name,
    loadBalancers: [cluster],
    timeoutSeconds: config.healthTimeoutSeconds,
    validations,
  };
  return {
    children: [balancer, ...stepStages(ref, steps, creation, [balancer.key])],
    before,
    refusal: null,
  };
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
