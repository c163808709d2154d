import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { clusterTargetShape, elapsedMs, operate, pollMs, readCluster } from '@/server/engine/clusters/target';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z.object({
  ...clusterTargetShape,
  loadBalancer: z.string(),
  /** Relative to each other, by server group. */
  weights: z.record(z.string(), z.number().nonnegative()),
  timeoutSeconds: z.number().int().positive().default(60),
});

/** Platforms route by whole requests or whole percents. */
const TOLERANCE = 0.02;

/** Shares a load balancer's traffic out, and waits until the platform routes so. */
export const setWeights: StageType<z.infer<typeof configSchema>> = {
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
        const off = notRouted(await readCluster(context), config.weights);
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

/** A group that takes traffic and does not get the share it should. */
function notRouted(
  groups: readonly ServerGroup[],
  weights: Readonly<Record<string, number>>,
): ServerGroup | undefined {
  const able = groups.filter(
    (group) => group.enabled && group.instances.some((instance) => instance.health === 'healthy'),
  );
  const named = able.filter((group) => weights[group.name] !== undefined);
  // Groups that the weights do not name take a share that only the platform knows.
  if (named.length !== able.length) return undefined;
  const sum = named.reduce((total, group) => total + (weights[group.name] ?? 0), 0);
  if (sum === 0) return undefined;
  return named.find((group) => Math.abs(group.traffic - (weights[group.name] ?? 0) / sum) > TOLERANCE);
}
