import { healthyCount } from '@/components/clusters/clusters.view';
import type { InstanceHealth, LoadBalancer } from '@/server/domain/inventory';
import { unitsOf } from '@/server/domain/units';
import type { AccountFreshness, ClusterView, ServerGroupView } from '@/server/domain/views/application';

/** The same cluster of an application wherever it stands. */
export interface FederatedCluster {
  readonly name: string;
  /** One per account, in the order of the answer: places with an environment come first. */
  readonly places: readonly ClusterView[];
}

/** One entry per name, in the order in which the names come. */
export function federated(clusters: readonly ClusterView[]): FederatedCluster[] {
  const byName = new Map<string, ClusterView[]>();
  for (const cluster of clusters) {
    const places = byName.get(cluster.name);
    if (places) places.push(cluster);
    else byName.set(cluster.name, [cluster]);
  }
  return [...byName].map(([name, places]) => ({ name, places }));
}

/** What one account and region has of a cluster, at a glance. */
export interface PlaceColumn {
  readonly account: string;
  readonly region: string;
  readonly environment: string | null;
  readonly groups: readonly ServerGroupView[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly healthy: number;
  readonly instances: number;
}

/** A column per account and region; instances, and functions as one each, are those that may take traffic. */
export function columnsOf({ places }: FederatedCluster): PlaceColumn[] {
  return places.flatMap(({ account, environment, regions }) =>
    regions.map(({ region, serverGroups, loadBalancers }) => {
      const serving = serverGroups.filter((group) => group.enabled).flatMap((group) => unitsOf(group));
      return {
        account,
        region,
        environment,
        groups: serverGroups,
        loadBalancers,
        healthy: healthyCount(serving),
        instances: serving.length,
      };
    }),
  );
}

/**
 * Who keeps the cluster in an account, when nothing there is ours and nobody has set it up: then none of our
 * verbs is offered.
 */
export function ownerOf({ environment, regions }: ClusterView): ServerGroupView['managedBy'] | null {
  const groups = regions.flatMap((region) => region.serverGroups);
  if (environment !== null || groups.some((group) => group.managedBy === undefined)) return null;
  return groups[0]?.managedBy ?? null;
}

/** Accounts that cannot be seen now, by name: what is shown of them is how it was then. */
export type UnseenAccounts = ReadonlyMap<string, AccountFreshness>;

export function unseenOf(accounts: readonly AccountFreshness[]): UnseenAccounts {
  return new Map(accounts.filter(({ error }) => error !== null).map((one) => [one.account, one]));
}

/**
 * A group of an account that cannot be seen now. How its instances were then says nothing of how they are.
 * @param told says how an instance was when it was seen last
 */
export function unknownNow(
  group: ServerGroupView,
  told: (health: InstanceHealth) => string,
): ServerGroupView {
  return {
    ...group,
    instances: group.instances.map(({ health, blocked: _blocked, outOfTraffic: _out, ...rest }) => ({
      ...rest,
      health: 'unknown',
      reason: told(health),
    })),
  };
}

/** The same accounts, each as it was seen last in either list. */
export function newestOf(
  accounts: readonly AccountFreshness[],
  others: readonly AccountFreshness[] | undefined,
): AccountFreshness[] {
  return accounts.map((one) => {
    const other = others?.find(({ account }) => account === one.account);
    if (!other) return one;
    // Seen no later than the other: only that it is lost can be news.
    if (other.seenAt === one.seenAt) return one.error === null ? other : one;
    return (other.seenAt ?? '') > (one.seenAt ?? '') ? other : one;
  });
}

/** Whether shares of requests come about by how many instances there are, and so are only expected. */
export function isByInstances(loadBalancers: readonly Pick<LoadBalancer, 'sharedBy'>[]): boolean {
  return loadBalancers.some((one) => one.sharedBy === 'instances');
}

/** Whether functions run there, whose rows say other things than those of instances. */
export function isServerless(place: Pick<ClusterView, 'regions'> | undefined): boolean {
  return place?.regions.some((region) => region.serverGroups.some((group) => group.serverless)) ?? false;
}

/** For the anchor of a place within its card. */
export function placeId(cluster: string, account: string, region: string): string {
  return `cluster-${[cluster, account, region].map(encodeURIComponent).join('-')}`;
}
