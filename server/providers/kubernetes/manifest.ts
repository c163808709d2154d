import { type KubernetesConfig, kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { clusterNameObjection } from '@/server/providers/kubernetes/verbs/names';
import type { ProviderManifest } from '@/server/providers/provider';

export const kubernetesProvider: ProviderManifest<KubernetesConfig> = {
  kind: 'kubernetes',
  label: 'Kubernetes',
  configSchema: kubernetesConfigSchema,
  capabilities: {
    weightedTraffic: true,
    instances: true,
    mirroring: false,
    firewalls: true,
    bake: false,
    jobs: true,
  },
  regionsOf: ({ namespaces }) => namespaces,
  clusterNameObjection,
  async load(account, config) {
    const { createKubernetesProvider } = await import('@/server/providers/kubernetes/adapter');
    return createKubernetesProvider(account, config);
  },
};
