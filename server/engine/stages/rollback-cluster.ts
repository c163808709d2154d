import { z } from 'zod';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { neededSize, planRollback, type RegionRollback } from '@/server/domain/rollback';
import { trafficObjection } from '@/server/engine/clusters/admission';
import { awaitShown } from '@/server/engine/clusters/await-shown';
import { type Place, placeOf, placeShape, requirePlace } from '@/server/engine/clusters/place';
import { type RegionGroups, readRegions } from '@/server/engine/clusters/plan-regions';
import { settleRollback } from '@/server/engine/clusters/settle-rollback';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { clusterSlot } from '@/server/engine/clusters/target';
import { vetoesAmong } from '@/server/engine/clusters/veto';
import type { ChildStage, PlanResult, StageContext, StageType } from '@/server/engine/stages/stage';
import { pause } from '@/server/strategies/parts/retire';
import type { Step } from '@/server/strategies/strategy';

const configSchema = z
  .object({
    ...placeShape,
    /** Server group to go back to, by region; wins over the choice made here. */
    restore: z.record(z.string(), z.string()).default({}),
    /** Digests that are taken back, and nothing else is; whatever serves when absent. */
    takeBack: z.array(z.string()).min(1).optional(),
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
 * has it. What `takeBack` names and serves nowhere is left alone, and the stage is skipped. A region
 * without a group to go back to is left as it is, and the stage's log says so; a group that someone has
 * chosen and that is not there, or may not get traffic, is an error before anything is touched.
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
  const { config } = context;
  const read = await readRegions(context);
  if ('error' in read) return { status: 'errored', error: read.error };
  const { place, regions } = read;
  const unknown = unknownRestore(config.restore, place.cluster, regions);
  if (unknown) return { status: 'errored', error: unknown };
  const found = regions.flatMap(({ groups }) => groups);
  const only = config.takeBack ? new Set(config.takeBack) : undefined;
  const planned = planRollback(
    [...place.regions],
    found,
    await vetoesAmong(context.services.db, found),
    only,
  );
  const choices = planned.map((one) => chooseRollback(found, one, config.restore[one.region]));
  const log = choices.flatMap(explain);
  const targets = choices.flatMap(({ target }) => target ?? []);
  const [first] = targets;
  if (!first) {
    const serves = planned.some(({ from }) => from && (only?.has(from.artifact.digest) ?? true));
    return serves || !only
      ? { status: 'errored', error: nowhere(place.cluster, choices), log }
      : { status: 'skipped', log };
  }
  const left = planned.flatMap(({ from, to }) => (from && to ? [from.artifact] : []));
  await settleRollback(context, place, first.artifact, left);
  for (const { artifact } of targets) {
    const objection = await trafficObjection(context, place, artifact);
    if (objection) return { status: 'errored', error: objection };
  }
  return { status: 'planned', children: childrenOf(config, place, regions, choices), log };
}

function childrenOf(
  config: Config,
  { environment }: Place,
  regions: readonly RegionGroups[],
  choices: readonly RollbackChoice[],
): ChildStage[] {
  const children: ChildStage[] = [];
  for (const { ref } of regions) {
    const choice = choices.find((one) => one.region === ref.region);
    if (!choice?.target) continue;
    const last = config.regionOrder === 'sequential' ? children.at(-1) : undefined;
    const steps = [
      ...pause(last ? config.waitBetweenRegionsSeconds : 0),
      ...rollbackSteps(choice.target, choice.bad, environment?.capacity, config.delayBeforeDisableSeconds),
    ];
    children.push(...stepStages(ref, steps, null, last ? [last.key] : []));
  }
  return children;
}

/** What someone has chosen and is not there: then no region is touched, lest some go back and some do not. */
function unknownRestore(
  restore: Config['restore'],
  cluster: string,
  regions: readonly RegionGroups[],
): Message | null {
  for (const [region, serverGroup] of Object.entries(restore)) {
    const here = regions.find(({ ref }) => ref.region === region);
    if (!here) {
      const names = regions.map(({ ref }) => ref.region).join(', ');
      return message('engine.rollback.unknownRegion', { region, cluster, regions: names });
    }
    if (!here.groups.some((group) => group.name === serverGroup))
      return message('engine.rollback.unknownGroup', { serverGroup, region, cluster });
  }
  return null;
}

export interface RollbackChoice {
  readonly region: string;
  /** Null when the region is left as it is; `why` says why. */
  readonly target: ServerGroup | null;
  /** Groups that leave traffic: whatever else is there, but for older ones with the target's artifact. */
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
      (group.name === from?.name ||
        group.artifact.digest !== target.artifact.digest ||
        group.createdAt > target.createdAt),
  );
  return { region, target, bad, why: null };
}

/**
 * In before out: the earlier group is as large as the bad one and has traffic before that leaves.
 * @param normal the environment's capacity: one that was scaled down has lost its own bounds.
 */
export function rollbackSteps(
  target: ServerGroup,
  bad: readonly ServerGroup[],
  normal?: Capacity,
  delayBeforeDisableSeconds = 0,
): Step[] {
  if (target.serverless) return switchSteps(target, bad, delayBeforeDisableSeconds);
  const needed = neededSize(target, bad, normal);
  const { min, max } = normal ?? target.capacity;
  const capacity = { min: Math.min(min, needed), desired: needed, max: Math.max(max, needed) };
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

/**
 * What routes to serverless groups holds two of them, and moves all requests in one write: the shares stand before the
 * earlier group comes in.
 */
function switchSteps(target: ServerGroup, bad: readonly ServerGroup[], delaySeconds: number): Step[] {
  const disable = ({ name }: ServerGroup): Step => ({ type: 'disableServerGroup', serverGroup: name });
  const [last, ...others] = bad.toSorted((a, b) => b.traffic - a.traffic);
  const weights = { [target.name]: 100, ...(last ? { [last.name]: 0 } : {}) };
  return [
    ...others.map(disable),
    { type: 'setWeights', weights },
    { type: 'enableServerGroup', serverGroup: target.name },
    ...pause(delaySeconds),
    ...(last ? [disable(last)] : []),
  ];
}

function explain({ region, target, why }: RollbackChoice): Message[] {
  if (!target) return [message('engine.rollback.left', { region }), ...(why ? [why] : [])];
  const { name: serverGroup, artifact } = target;
  return [message('engine.rollback.to', { serverGroup, version: artifact.version, region })];
}

/** Why no region goes back, in the words of the region that was nearest to it. */
export function nowhere(cluster: string, choices: readonly Pick<RollbackChoice, 'why'>[]): Message {
  const whys = choices.flatMap(({ why }) => why ?? []);
  const nothingEarlier = whys.every(({ key }) => key === NO_EARLIER || key === 'rollback.why.noServerGroups');
  const telling = NEAREST.flatMap((key) => whys.find((why) => why.key === key) ?? [])[0];
  return (nothingEarlier ? undefined : telling) ?? message('engine.rollback.nowhere', { cluster });
}

const NO_EARLIER = 'rollback.why.noEarlierGroup';
const NEAREST = ['rollback.why.vetoed', NO_EARLIER, 'rollback.why.nothingTakesTraffic'];
