import type { LoadBalancer } from '@/server/domain/inventory';
import { groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { lostGateways } from '@/server/providers/kubernetes/watch/gateways';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { seen } from '@/server/providers/kubernetes/watch/seen';
import { Store } from '@/server/providers/kubernetes/watch/store';
import { SERVICE_NAME_LABEL } from '@/server/providers/kubernetes/words/balancers';
import { LABELS } from '@/server/providers/kubernetes/words/labels';
import { gatewaysOf } from '@/server/providers/kubernetes/words/route-status';
import { type LoadBalancerRef, ProviderError } from '@/server/providers/provider';

/** One load balancer with its targets, by no more than what is behind it. */
export async function readLoadBalancer(
  platform: Platform,
  { region: namespace, name }: LoadBalancerRef,
): Promise<LoadBalancer> {
  const { api, account } = platform;
  const ref = { namespace, name };
  const groups = await groupsBehind(platform, { region: namespace, name });
  const names = groups.map(nameOf);
  const among = (label: string, values: readonly string[]) => ({
    namespace,
    labelSelector: `${label} in (${values.join(',')})`,
  });
  const [service, route, slices, pods] = await Promise.all([
    api.get('Service', ref),
    api.serves('HTTPRoute').then((served) => (served ? api.get('HTTPRoute', ref) : null)),
    api.list('EndpointSlice', among(SERVICE_NAME_LABEL, [name, ...names])),
    names.length > 0 ? api.list('Pod', among(LABELS.serverGroup, names)) : { items: [] },
  ]);
  const store = new Store(account);
  if (service) store.put(seen('Service', service));
  if (route) store.put(seen('HTTPRoute', route));
  for (const group of groups) store.put(seen('ReplicaSet', group));
  for (const pod of pods.items) store.put(seen('Pod', pod));
  store.loseGateways(await lostGateways(api, route ? gatewaysOf(route) : []));
  for (const slice of slices.items) store.put(seen('EndpointSlice', slice));
  const { loadBalancers } = new Picture(store).inventory(Date.now());
  const found = loadBalancers.find((one) => one.name === name);
  if (!found)
    throw new ProviderError('pending', `load balancer ${name} in ${namespace} is gone while it was written`);
  return found;
}
