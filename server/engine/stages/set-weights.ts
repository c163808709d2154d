import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { healthyIn } from '@/server/domain/units';
import { takenOutObjection } from '@/server/engine/clusters/let-in';
import { clusterTargetShape, elapsedMs, operate, pollMs, readCluster } from '@/server/engine/clusters/target';
import { whileUnreached } from '@/server/engine/clusters/unreached';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, StageType } from '@/server/engine/stages/stage';

const configSchema = z.object({
  ...clusterTargetShape,
  loadBalancer: z.string(),
  /** Relative to each other, by server group. */
  weights: z.record(z.string(), z.number().nonnegative()),
  timeoutSeconds: z.number().int().positive().default(60),
});

type Config = z.infer<typeof configSchema>;

/** Platforms route by whole requests or whole percents. */
const TOLERANCE = 0.02;

/** Shares a load balancer's traffic out, and waits until the platform routes so. */
export const setWeights: StageType<Config> = {
  type: 'setWeights',
  label: 'Set traffic weights',
  group: 'cluster',
  authorable: false,
  configSchema,
  tasks: [
    {
      name: 'setWeights',
      async run(context) {
        const { region, loadBalancer: name, weights } = context.config;
        const groups = await readCluster(context);
        const objection = await takenOutObjection(context, groups);
        const refused = objection && { status: 'errored' as const, error: objection };
        if (refused && groups.some(({ enabled }) => enabled)) return refused;
        // Where nobody serves, the platform knows better what has gone.
        await operate(context, 'setWeights', (provider, operation) =>
          provider.setWeights(operation, { region, name }, weights),
        );
        return refused ?? { status: 'succeeded', log: [message('engine.did.weights')] };
      },
    },
    {
      name: 'waitRouted',
      async run(context) {
        const { config } = context;
        const groups = await readCluster(context);
        const weighed = groups.filter((group) => (config.weights[group.name] ?? 0) > 0);
        const lost = weighed.find((group) => group.unreached) ?? weighed.find((group) => group.unanswered);
        const unreached = lost ? await whileUnreached(context, lost) : null;
        if (unreached) return unreached;
        const [exact] = notRouted(groups, config.weights);
        const off = exact && (await sharesByInstances(context)) ? notReached(groups, config.weights) : exact;
        if (!off)
          return {
            status: 'succeeded',
            log: exact ? sharesReached(groups, config.weights, config.region) : [],
          };
        const { account, region, cluster } = config;
        const values = { serverGroup: off.name, percent: Math.round(off.traffic * 100), region };
        const late = elapsedMs(context) > config.timeoutSeconds * 1_000;
        if (late) return { status: 'errored', error: message('engine.weights.late', values) };
        return {
          status: 'running',
          retryAfterMs: pollMs(elapsedMs(context)),
          wakeOn: wakeKey(account, region, cluster),
          waiting: { kind: 'platform', reason: message('engine.wait.weights', values), until: null, who: [] },
        };
      },
    },
  ],
};

/** Whether the platform has no weights of its own behind this load balancer and only comes near them. */
async function sharesByInstances({ config, services, signal }: StageContext<Config>): Promise<boolean> {
  const provider = await services.provider(config.account);
  const { loadBalancers } = await provider.describe(signal);
  const found = loadBalancers.find(
    ({ name, region }) => name === config.loadBalancer && region === config.region,
  );
  return found?.sharedBy === 'instances';
}

/** A group that gets requests and should get none, or the other way round. */
function notReached(
  groups: readonly ServerGroup[],
  weights: Readonly<Record<string, number>>,
): ServerGroup | undefined {
  return ableOf(groups).find((group) => (weights[group.name] ?? 0) > 0 !== group.traffic > 0);
}

function ableOf(groups: readonly ServerGroup[]): ServerGroup[] {
  return groups.filter((group) => group.enabled && healthyIn(group) > 0);
}

/** Groups that take traffic and do not get the share of the cluster's that they should. */
export function notRouted(
  groups: readonly ServerGroup[],
  weights: Readonly<Record<string, number>>,
): ServerGroup[] {
  const able = ableOf(groups);
  const named = able.filter((group) => weights[group.name] !== undefined);
  // Groups that the weights do not name take a share that only the platform knows.
  if (named.length !== able.length) return [];
  const sum = sumOf(named, weights);
  if (sum === 0) return [];
  const part = partsOf(groups);
  return named.filter((group) => Math.abs(part(group) - (weights[group.name] ?? 0) / sum) > TOLERANCE);
}

/** Of what the cluster gets: the same route may also send to others, whose part weights do not change. */
function partsOf(groups: readonly ServerGroup[]): (group: ServerGroup) => number {
  const whole = groups.reduce((total, { traffic }) => total + traffic, 0);
  return ({ traffic }) => (whole === 0 ? 0 : traffic / whole);
}

/** What came about instead of the shares that were wanted, where instances are all there is to share by. */
export function sharesReached(
  groups: readonly ServerGroup[],
  weights: Readonly<Record<string, number>>,
  region: string,
): Message[] {
  const able = ableOf(groups);
  const sum = sumOf(able, weights);
  const total = able.reduce((count, group) => count + healthyIn(group), 0);
  return notRouted(groups, weights).map((group) =>
    message('engine.did.weightsByInstances', {
      serverGroup: group.name,
      region,
      percent: Math.round(group.traffic * 100),
      instances: healthyIn(group),
      total,
      wanted: Math.round(((weights[group.name] ?? 0) / sum) * 100),
    }),
  );
}

function sumOf(groups: readonly ServerGroup[], weights: Readonly<Record<string, number>>): number {
  return groups.reduce((total, group) => total + (weights[group.name] ?? 0), 0);
}
