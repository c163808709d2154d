import { and, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { vetoes } from '@/db/schema';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { environmentOf } from '@/server/engine/clusters/environment';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { clusterSlot } from '@/server/engine/clusters/target';
import type { ChildStage, PlanResult, StageContext, StageType } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

const configSchema = z.object({
  account: z.string(),
  application: z.string(),
  cluster: z.string(),
  /** The environment's regions when absent. */
  regions: z.array(z.string()).min(1).optional(),
  /** Server group to go back to, by region; wins over the choice made here. */
  restore: z.record(z.string(), z.string()).default({}),
  regionOrder: z.enum(['parallel', 'sequential']).default('parallel'),
});
type Config = z.infer<typeof configSchema>;

/**
 * Gives a cluster's traffic back to the server group that served before. In each region the newest
 * enabled group is the bad one; it leaves traffic after the earlier one has it. A region without a
 * group to go back to is left as it is, and the stage's log says so.
 */
export const rollbackCluster: StageType<Config> = {
  type: 'rollbackCluster',
  label: 'Roll back cluster',
  authorable: true,
  configSchema,
  slot: async ({ config }) => clusterSlot(config.account, config.cluster),
  plan,
  tasks: [],
};

async function plan(context: StageContext<Config>): Promise<PlanResult> {
  const { config, services } = context;
  const environment = await environmentOf(services.db, config.account, config.cluster);
  const regions = config.regions ?? environment?.regions ?? Object.keys(config.restore);
  const provider = await services.provider(config.account);
  const planned = await Promise.all(
    regions.map(async (region) => {
      const ref: ClusterRef = {
        account: config.account,
        region,
        application: config.application,
        cluster: config.cluster,
      };
      const groups = await provider.describeCluster(ref, context.signal);
      const choice = chooseRollback(groups, config.restore[region], await vetoedAmong(context, groups));
      return { ref, choice };
    }),
  );
  const log = planned.map(({ ref, choice }) => explain(ref, choice));
  if (planned.every(({ choice }) => choice === null)) {
    return { status: 'errored', error: message('engine.rollback.nowhere', { cluster: config.cluster }), log };
  }
  const children: ChildStage[] = [];
  for (const { ref, choice } of planned) {
    if (!choice) continue;
    const last = config.regionOrder === 'sequential' ? children.at(-1) : undefined;
    children.push(...stepStages(ref, rollbackSteps(choice), null, last ? [last.key] : []));
  }
  return { status: 'planned', children, log };
}

export interface RollbackChoice {
  readonly target: ServerGroup;
  /** Groups that leave traffic, the newest first. */
  readonly bad: readonly ServerGroup[];
}

/**
 * @param groups of one cluster in one region, oldest first.
 * @param explicit name of the group to go back to, where someone has chosen.
 */
export function chooseRollback(
  groups: readonly ServerGroup[],
  explicit: string | undefined,
  vetoed: ReadonlySet<string>,
): RollbackChoice | null {
  const newestFirst = groups.toReversed();
  const serving = newestFirst.find((group) => group.enabled);
  if (!serving) return null;
  const target = explicit
    ? groups.find((group) => group.name === explicit)
    : newestFirst.find(
        (group) => group.artifact.digest !== serving.artifact.digest && !vetoed.has(group.artifact.digest),
      );
  if (!target) return null;
  const bad = newestFirst.filter(
    (group) =>
      group.enabled && group.name !== target.name && group.artifact.digest === serving.artifact.digest,
  );
  return { target, bad };
}

/** In before out: the earlier group is as large as the bad one and has traffic before that leaves. */
export function rollbackSteps({ target, bad }: RollbackChoice): Step[] {
  const needed = Math.max(0, ...bad.map((group) => group.capacity.desired));
  const grow: Step[] =
    target.capacity.desired < needed
      ? [
          {
            type: 'resizeServerGroup',
            serverGroup: target.name,
            capacity: { ...target.capacity, desired: needed, max: Math.max(needed, target.capacity.max) },
          },
        ]
      : [];
  return [
    ...grow,
    { type: 'enableServerGroup', serverGroup: target.name },
    ...bad.map((group): Step => ({ type: 'disableServerGroup', serverGroup: group.name })),
  ];
}

function explain({ region, cluster }: ClusterRef, choice: RollbackChoice | null): Message {
  if (!choice) return message('engine.rollback.noCandidate', { cluster, region });
  const { name: serverGroup, artifact } = choice.target;
  return message('engine.rollback.to', { serverGroup, version: artifact.version, region });
}

async function vetoedAmong(context: StageContext, groups: readonly ServerGroup[]): Promise<Set<string>> {
  if (groups.length === 0) return new Set();
  const rows = await context.services.db
    .select({ digest: vetoes.digest })
    .from(vetoes)
    .where(
      and(
        isNull(vetoes.liftedAt),
        inArray(
          vetoes.digest,
          groups.map((group) => group.artifact.digest),
        ),
      ),
    );
  return new Set(rows.map((row) => row.digest));
}
