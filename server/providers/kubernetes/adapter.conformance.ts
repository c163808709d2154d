import { providerContract } from '@/server/providers/contract.suite';
import type { Shown } from '@/server/providers/contract-fixture';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';

const cluster = testCluster();
const { capabilities } = kubernetesProvider;
const everywhere = ['requests', 'check', 'previews'] as const;
const shows: readonly Shown[] = cluster.runs ? [...everywhere, 'commands', 'logs'] : everywhere;

async function fixture(gateway: boolean) {
  const { namespace, config, artifacts, commands, request, stop } = await makeKubernetesBench(cluster, {
    gateway,
  });
  const loaded = await kubernetesProvider.load('cluster', kubernetesConfigSchema.parse(config));
  // Nodes that are played may keep no logs.
  const provider = cluster.runs ? loaded : { ...loaded, readLog: undefined };
  return { provider, account: 'cluster', region: namespace, artifacts, commands, request, stop };
}

if (cluster.workload && cluster.routes)
  providerContract('Kubernetes with a gateway', { capabilities, shows: [...shows, 'weights'] }, () =>
    fixture(true),
  );

// How near whole instances come to weights is tested in verbs/traffic.conformance.ts, too.
if (cluster.workload)
  providerContract('Kubernetes without a gateway', { capabilities, shows }, () => fixture(false));
