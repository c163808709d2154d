import { z } from 'zod';
import type { LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import type { InventoryNotice, Provider, ProviderManifest } from '@/server/providers/provider';

/**
 * A platform in this process whose instances never become healthy: whoever deploys to it waits. It
 * stands in for the local cloud, because ten thousand instances need more than one machine.
 */
export const slowPlatform: ProviderManifest = {
  kind: 'local',
  label: 'Slow platform',
  configSchema: z.object({}),
  capabilities: {
    weightedTraffic: true,
    instances: true,
    mirroring: false,
    firewalls: false,
    bake: false,
    jobs: false,
  },
  load: async (account) => platform(account),
};

function platform(account: string): Provider {
  const groups = new Map<string, ServerGroup[]>();
  const balancers = new Map<string, LoadBalancer>();
  const never = () => Promise.reject(new Error('nothing becomes healthy here, so nothing follows'));
  return {
    describe: async () => ({
      serverGroups: [...groups.values()].flat(),
      loadBalancers: [...balancers.values()],
      firewalls: [],
    }),
    describeCluster: async ({ region, cluster }) => groups.get(`${region}/${cluster}`) ?? [],
    watch: (signal) => standing(signal),
    async createServerGroup(_operation, { config, ...spec }) {
      const group: ServerGroup = {
        ...spec,
        account,
        sequence: 0,
        instances: [starting(`${spec.name}-a`)],
        traffic: 0,
        loadBalancers: [...spec.loadBalancers],
        createdAt: new Date().toISOString(),
        configKeys: Object.keys(config),
      };
      groups.set(`${spec.region}/${spec.cluster}`, [group]);
      return { name: spec.name };
    },
    async upsertLoadBalancer(_operation, spec) {
      const balancer: LoadBalancer = { ...spec, account, url: null, targets: [] };
      balancers.set(`${spec.region}/${spec.name}`, balancer);
      return balancer;
    },
    resizeServerGroup: never,
    enableServerGroup: never,
    disableServerGroup: never,
    destroyServerGroup: never,
    setWeights: never,
    terminateInstance: never,
    upsertFirewall: never,
  };
}

function starting(id: string): ServerGroup['instances'][number] {
  return {
    id,
    health: 'starting',
    reason: 'still starting',
    startedAt: new Date().toISOString(),
    address: null,
    restarts: 0,
    memoryBytes: null,
  };
}

/** A watch that stands and tells nothing. */
async function* standing(signal: AbortSignal): AsyncIterable<InventoryNotice> {
  yield { region: null, application: null, cluster: null };
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
