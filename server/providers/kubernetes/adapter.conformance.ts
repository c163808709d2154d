import { providerContract } from '@/server/providers/contract.suite';
import type { Shown } from '@/server/providers/contract-fixture';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { makeKubernetesBench } from '@/server/providers/kubernetes/testing/fixture';

const cluster = testCluster();
const { capabilities } = kubernetesProvider;
const shows: readonly Shown[] = ['commands', 'requests', 'check', 'logs', 'previews'];

async function fixture(gateway: boolean) {
  const { namespace, config, artifacts, commands, request, stop } = await makeKubernetesBench(cluster, {
    gateway,
  });
  const provider = await kubernetesProvider.load('cluster', kubernetesConfigSchema.parse(config));
  return { provider, account: 'cluster', region: namespace, artifacts, commands, request, stop };
}

// Pods are to start, fail and answer as only those of the harness do.
if (cluster.simulated) {
  const weighted = { capabilities, shows: [...shows, 'weights'] } as const;
  providerContract('Kubernetes with a gateway', weighted, () => fixture(true));

  // How near whole instances come to weights is tested in verbs/traffic.conformance.ts, too.
  providerContract('Kubernetes without one', { capabilities, shows }, () => fixture(false));
}
