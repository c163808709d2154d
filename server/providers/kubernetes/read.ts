import { setMaxListeners } from 'node:events';
import type { ClusterRef, Inventory, ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import type { KubernetesApi, Where } from '@/server/providers/kubernetes/client/api';
import { lostGateways } from '@/server/providers/kubernetes/watch/gateways';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { scopesOf } from '@/server/providers/kubernetes/watch/scopes';
import {
  isNeeded,
  isOptional,
  SEEN_KINDS,
  type SeenKind,
  seen,
} from '@/server/providers/kubernetes/watch/seen';
import { Store } from '@/server/providers/kubernetes/watch/store';
import { SERVICE_NAME_LABEL } from '@/server/providers/kubernetes/words/balancers';
import { LABELS, selectorOf } from '@/server/providers/kubernetes/words/labels';
import { gatewaysOf } from '@/server/providers/kubernetes/words/route-status';
import { replicaSetView } from '@/server/providers/kubernetes/words/workloads';
import { ProviderError } from '@/server/providers/provider';

const LONGEST_LABEL = 63;

/** The account that is read. */
export interface Reading {
  readonly account: string;
  readonly api: KubernetesApi;
  readonly config: { readonly namespaces: readonly string[] };
}

/** Everything in the account's namespaces, read from the API now. */
export async function describe(reading: Reading, signal?: AbortSignal): Promise<Inventory> {
  const { account, api, config } = reading;
  const store = new Store(account);
  const kinds = SEEN_KINDS.filter((kind) => kind !== 'Job');
  // One listener for each kind and namespace, and that for no longer than the reading.
  if (signal) setMaxListeners(0, signal);
  await Promise.all(
    kinds.map(async (kind) => {
      if (isOptional(kind) && !(await api.serves(kind, signal))) return;
      const scopes = await scopesOf(api, kind, config.namespaces);
      await Promise.all(scopes.map((scope) => readAll(api, store, kind, scope, config.namespaces, signal)));
    }),
  );
  const attached = [...store.routes.values()].filter(({ ours }) => ours).flatMap(({ gateways }) => gateways);
  store.loseGateways(await lostGateways(api, attached, signal));
  return new Picture(store).inventory(Date.now());
}

async function readAll(
  api: KubernetesApi,
  store: Store,
  kind: SeenKind,
  where: Where,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  try {
    const { items } = await api.list(kind, where, signal);
    for (const item of items)
      if (namespaces.includes(item.metadata?.namespace ?? '')) store.put(seen(kind, item));
  } catch (error) {
    // What the account may not see is not shown; without pods and the like there is nothing to show.
    const isMissing = error instanceof ProviderError && ['unauthorized', 'not_found'].includes(error.code);
    if (isNeeded(kind) || !isMissing) throw error;
  }
}

/**
 * Our server groups of one cluster, oldest first, read from the API now and in few requests: decisions are taken
 * on them.
 */
export async function describeCluster(
  { account, api, config }: Reading,
  { region: namespace, cluster }: ClusterRef,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  // A name that no label can hold is that of no cluster; asking by it would be refused in words about selectors.
  if (!config.namespaces.includes(namespace) || cluster.length > LONGEST_LABEL) return [];
  const store = new Store(account);
  const where = { namespace, labelSelector: selectorOf({ [LABELS.cluster]: cluster }) };
  // Groups before pods: what is created in between is a pod too many and never a group without its pods.
  const groups = await api.list('ReplicaSet', where, signal);
  const views = groups.items.map(replicaSetView).filter((view) => view.ours?.cluster === cluster);
  if (views.length === 0) return [];
  const balancers = [...new Set(views.flatMap((view) => view.loadBalancers))];
  const [pods, routes] = await Promise.all([
    api.list('Pod', where, signal),
    readRoutes(api, namespace, balancers, signal),
  ]);
  const backends = routes
    .flatMap(({ spec }) => spec?.rules ?? [])
    .flatMap(({ backendRefs }) => backendRefs ?? []);
  const services = [...new Set([...balancers, ...backends.map(({ name }) => name)])];
  const slices =
    services.length === 0
      ? []
      : (
          await api.list(
            'EndpointSlice',
            { namespace, labelSelector: `${SERVICE_NAME_LABEL} in (${services.join(',')})` },
            signal,
          )
        ).items;
  for (const group of groups.items) store.put(seen('ReplicaSet', group));
  for (const pod of pods.items) store.put(seen('Pod', pod));
  for (const route of routes) store.put(seen('HTTPRoute', route));
  store.loseGateways(await lostGateways(api, routes.flatMap(gatewaysOf), signal));
  for (const slice of slices) store.put(seen('EndpointSlice', slice));
  return new Picture(store)
    .inventory(Date.now())
    .serverGroups.filter((group) => group.cluster === cluster && group.managedBy === undefined);
}

/** Numbers of the cluster that names of ReplicaSets of others have taken. */
export async function takenSequences(
  { api, config }: Reading,
  { region: namespace, cluster }: ClusterRef,
  signal?: AbortSignal,
): Promise<number[]> {
  if (!config.namespaces.includes(namespace)) return [];
  const { items } = await api.list('ReplicaSet', { namespace }, signal);
  const others = items.map(replicaSetView).filter(({ ours }) => ours?.cluster !== cluster);
  return others.flatMap(({ name }) => {
    const moniker = parseServerGroupName(name);
    return moniker?.cluster === cluster ? (moniker.sequence ?? []) : [];
  });
}

async function readRoutes(
  api: KubernetesApi,
  namespace: string,
  names: readonly string[],
  signal?: AbortSignal,
) {
  if (names.length === 0 || !(await api.serves('HTTPRoute', signal))) return [];
  const found = await Promise.all(names.map((name) => api.get('HTTPRoute', { namespace, name }, signal)));
  return found.filter((route) => route !== null);
}
