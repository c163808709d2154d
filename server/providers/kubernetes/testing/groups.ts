import { expect, vi } from 'vitest';
import { serverGroupName } from '@/server/domain/naming';
import { EFFECT, operation } from '@/server/providers/contract-support';
import { connect } from '@/server/providers/kubernetes/client/connect';
import { type KubernetesConfig, kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { imageOf } from '@/server/providers/kubernetes/testing/cluster-traits';
import { createServerGroup } from '@/server/providers/kubernetes/verbs/create-server-group';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { upsertLoadBalancer } from '@/server/providers/kubernetes/verbs/upsert-load-balancer';
import { LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';
import type { GroupRef, ServerGroupSpec } from '@/server/providers/provider';

/** A namespace of its own and what tests of verbs do in it, seen through the API and through nothing of ours. */
export async function groupsBench() {
  const cluster = testCluster();
  const { workload } = cluster;
  if (!workload) throw new Error('Nobody said what the nodes of this cluster shall run.');
  const namespace = await makeNamespace(cluster.rest);
  const region = namespace.name;
  const platformWith = (config: Partial<KubernetesConfig> = {}): Platform => {
    const whole = kubernetesConfigSchema.parse({
      kubeconfig: cluster.kubeconfig,
      namespaces: [region],
      images: workload.images,
      ...config,
    });
    return { account: 'test', config: whole, api: connect(whole) };
  };
  const { api } = platformWith();
  const [artifact] = workload.artifacts;
  const spec = (application: string, sequence: number, changes: Partial<ServerGroupSpec> = {}) => ({
    region,
    application,
    cluster: application,
    name: serverGroupName(application, sequence),
    artifact,
    capacity: { min: 0, desired: 2, max: 20 },
    config: {},
    loadBalancers: [application],
    enabled: true,
    ...changes,
  });
  const podsOf = async ({ name }: Pick<GroupRef, 'name'>) =>
    (await api.list('Pod', { namespace: region, labelSelector: `${LABELS.serverGroup}=${name}` })).items;
  return {
    rest: cluster.rest,
    region,
    /** What instances run. */
    image: imageOf(workload),
    api,
    platformWith,
    spec,
    podsOf,
    /** Creates it, with its load balancer, and waits until all its pods are ready. */
    async make(platform: Platform, wanted: ServerGroupSpec): Promise<GroupRef> {
      for (const name of wanted.loadBalancers)
        await upsertLoadBalancer(platform, operation(), { region, name, application: wanted.application });
      await createServerGroup(platform, operation(), wanted);
      await vi.waitFor(async () => {
        const found = await api.get('ReplicaSet', { namespace: region, name: wanted.name });
        expect(found?.status?.readyReplicas ?? 0).toBe(wanted.capacity.desired);
      }, EFFECT);
      return { region, name: wanted.name };
    },
    /** How many pods of the group carry the label of the load balancer. */
    labelled: async (group: Pick<GroupRef, 'name'>, loadBalancer: string) =>
      (await podsOf(group)).filter((pod) => pod.metadata?.labels?.[trafficLabel(loadBalancer)] === 'true')
        .length,
    /** How many endpoints of a Service get requests. */
    async endpoints(service: string): Promise<number> {
      const labelSelector = `kubernetes.io/service-name=${service}`;
      const { items } = await api.list('EndpointSlice', { namespace: region, labelSelector });
      return items.flatMap((slice) => slice.endpoints ?? []).filter((one) => one.conditions?.ready).length;
    },
    /** The backends of a route with their weights. */
    async backends(route: string): Promise<Record<string, number | undefined>> {
      const found = await api.get('HTTPRoute', { namespace: region, name: route });
      const refs = found?.spec?.rules?.[0]?.backendRefs ?? [];
      return Object.fromEntries(refs.map(({ name, weight }) => [name, weight]));
    },
    stop: () => namespace.remove(),
  };
}
export type GroupsBench = Awaited<ReturnType<typeof groupsBench>>;
