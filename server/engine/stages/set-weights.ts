import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { clusterTargetShape, elapsedMs, operate, pollMs, readCluster } from '@/server/engine/clusters/target';
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
        await operate(context, 'setWeights', (provider, operation) =>
          provider.setWeights(operation, { region, name }, weights),
        );
        return { status: 'succeeded', log: [message('engine.did.weights')] };
      },
    },
    {
      name: 'waitRouted',
      async run(context) {
        const { config } = context;
        const groups = await readCluster(context);
        const exact = notRouted(groups, config.weights);
        const off = exact && (await sharesByInstances(context)) ? notReached(groups, config.weights) : exact;
        if (!off) return { status: 'succeeded' };
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
  return groups.filter(
    (group) => group.enabled && group.instances.some((instance) => instance.health === 'healthy'),
  );
}

/** A group that takes traffic and does not get the share it should. */
function notRouted(
  groups: readonly ServerGroup[],
  weights: Readonly<Record<string, number>>,
): ServerGroup | undefined {
  const able = ableOf(groups);
  const named = able.filter((group) => weights[group.name] !== undefined);
  // Groups that the weights do not name take a share that only the platform knows.
  if (named.length !== able.length) return undefined;
  const sum = named.reduce((total, group) => total + (weights[group.name] ?? 0), 0);
  if (sum === 0) return undefined;
  return named.find((group) => Math.abs(group.traffic - (weights[group.name] ?? 0) / sum) > TOLERANCE);
}
