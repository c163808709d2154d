import { beforeEach } from 'vitest';
import { providerContract } from '@/server/providers/contract.suite';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';

const cluster = testCluster();
const { capabilities } = kubernetesProvider;

beforeEach((context) =>
  context.skip(!cluster.simulated, 'pods are to start, fail and answer as only those of the harness do'),
);

async function fixture(gateway: boolean) {
  const { namespace, config, artifacts, commands, request, stop } = await makeKubernetesBench(cluster, {
    gateway,
  });
  const provider = await kubernetesProvider.load('cluster', kubernetesConfigSchema.parse(config));
  return {
    provider,
    account: 'cluster',
    region: namespace,
    capabilities,
    artifacts,
    commands,
    request,
    stop,
  };
}

providerContract('Kubernetes with a gateway', () => fixture(true));

// Whole instances cannot meet every weight; how near they come is tested in verbs/traffic.conformance.ts.
providerContract('Kubernetes without one', async () => ({
  ...(await fixture(false)),
  capabilities: { ...capabilities, weightedTraffic: false },
}));
