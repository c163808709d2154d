import { and, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { vetoes } from '@/db/schema';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { planRollback, type RegionRollback, type Vetoes } from '@/server/domain/rollback';
import { awaitShown } from '@/server/engine/clusters/await-shown';
import { placeOf, placeShape, requirePlace, unknownPlace } from '@/server/engine/clusters/place';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { clusterSlot } from '@/server/engine/clusters/target';
import type { ChildStage, PlanResult, StageContext, StageType } from '@/server/engine/stages/stage';
import { pause } from '@/server/strategies/parts/retire';
import type { Step } from '@/server/strategies/strategy';

const configSchema = z
  .object({
    ...placeShape,
    /** Server group to go back to, by region; wins over the choice made here. */
    restore: z.record(z.string(), z.string()).default({}),
    /** Sequential: a region is only touched when the one before it is back. */
    regionOrder: z.enum(['parallel', 'sequential']).default('parallel'),
    waitBetweenRegionsSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
    /** Both serve side by side for so long before the bad group leaves. */
    delayBeforeDisableSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
    /** Once it is back the stage fails, so that a pipeline that rolled back is not called a success. */
    thenFail: z.boolean().default(false),
  })
  .superRefine(requirePlace);
type Config = z.infer<typeof configSchema>;

/**
 * Gives a cluster's traffic back to the server group that served before, by the rule in
 * domain/rollback unless someone has chosen. What serves now leaves traffic after the earlier group
 * has it. A region without a group to go back to is left as it is, and the stage's log says so.
 */
export const rollbackCluster: StageType<Config> = {
  type: 'rollbackCluster',
  label: 'Roll back cluster',
  group: 'deliver',
  authorable: true,
  configSchema,
  async slot(context) {
    const place = await placeOf(context);
    return place ? clusterSlot(place.account, place.cluster, false) : null;
  },
  plan,
  tasks: [
    awaitShown,
    {
      name: 'thenFail',
      async run({ config }) {
        if (!config.thenFail) return { status: 'succeeded' };
        return { status: 'failed', error: message('engine.rollback.thenFailed') };
      },
    },
  ],
};

async function plan(context: StageContext<Config>): Promise<PlanResult> {
  const { config, services } = context;
  const place = await placeOf(context);
  if (!place) return { status: 'errored', error: unknownPlace(context) };
  const { account, application, cluster, regions } = place;
  const provider = await services.provider(account);
  const groups = await Promise.all(
    regions.map((region) =>
      provider.describeCluster({ account, region, application, cluster }, context.signal),
    ),
  );
  const found = groups.flat();
  const choices = planRollback([...regions], found, await vetoesAmong(context, found)).map((planned) =>
    chooseRollback(found, planned, config.restore[planned.region]),
  );
  const log = choices.flatMap((choice) => explain(cluster, choice));
  const children: ChildStage[] = [];
  for (const { region, target, bad } of choices) {
    if (!target) continue;
    const last = config.regionOrder === 'sequential' ? children.at(-1) : undefined;
    const ref: ClusterRef = { account, region, application, cluster };
    const steps = [
      ...pause(last ? config.waitBetweenRegionsSeconds : 0),
      ...rollbackSteps(target, bad, config.delayBeforeDisableSeconds),
    ];
    children.push(...stepStages(ref, steps, null, last ? [last.key] : []));
  }
  if (children.length > 0) return { status: 'planned', children, log };
  return { status: 'errored', error: message('engine.rollback.nowhere', { cluster }), log };
}

export interface RollbackChoice {
  readonly region: string;
  /** Null when the region is left as it is; `why` says why. */
  readonly target: ServerGroup | null;
  /** Groups that leave traffic: what serves now, and whatever else is newer than the target. */
  readonly bad: readonly ServerGroup[];
  readonly why: Message | null;
}

/** @param explicit name of the group to go back to, where someone has chosen. */
export function chooseRollback(
  groups: readonly ServerGroup[],
  planned: RegionRollback,
  explicit: string | undefined,
): RollbackChoice {
  const { region, from, why } = planned;
  const here = groups.filter((group) => group.region === region);
  const target = explicit ? (here.find((group) => group.name === explicit) ?? null) : planned.to;
  if (!target) return { region, target, bad: [], why };
  const bad = here.filter(
    (group) =>
      group.enabled &&
      group.name !== target.name &&
      (group.name === from?.name || group.createdAt > target.createdAt),
  );
  return { region, target, bad, why: null };
}

/** In before out: the earlier group is as large as the bad one and has traffic before that leaves. */
export function rollbackSteps(
  target: ServerGroup,
  bad: readonly ServerGroup[],
  delayBeforeDisableSeconds = 0,
): Step[] {
  const needed = Math.max(0, ...bad.map((group) => group.capacity.desired));
  const capacity = { ...target.capacity, desired: needed, max: Math.max(needed, target.capacity.max) };
  const grow: Step[] =
    target.capacity.desired < needed
      ? [{ type: 'resizeServerGroup', serverGroup: target.name, capacity }]
      : [];
  return [
    ...grow,
    { type: 'enableServerGroup', serverGroup: target.name },
    ...pause(delayBeforeDisableSeconds),
    ...bad.map((group): Step => ({ type: 'disableServerGroup', serverGroup: group.name })),
  ];
}

function explain(cluster: string, { region, target, why }: RollbackChoice): Message[] {
  if (!target) return [message('engine.rollback.noCandidate', { cluster, region }), ...(why ? [why] : [])];
  const { name: serverGroup, artifact } = target;
  return [message('engine.rollback.to', { serverGroup, version: artifact.version, region })];
}

async function vetoesAmong(context: StageContext, groups: readonly ServerGroup[]): Promise<Vetoes> {
  const digests = groups.map((group) => group.artifact.digest);
  const rows = await context.services.db
    .select({ digest: vetoes.digest, reason: vetoes.reason })
    .from(vetoes)
    .where(and(isNull(vetoes.liftedAt), inArray(vetoes.digest, digests)));
  return new Map(rows.map(({ digest, reason }) => [digest, { reason }]));
}
