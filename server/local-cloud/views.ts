import type { Firewall, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import type { ArtifactLibrary } from '@/server/local-cloud/artifacts/library';
import type { Balancers } from '@/server/local-cloud/balancer/balancers';
import type { Changes } from '@/server/local-cloud/changes';
import { addressOf } from '@/server/local-cloud/endpoint';
import type { Fleet } from '@/server/local-cloud/instances/fleet';
import type { JobFolders } from '@/server/local-cloud/jobs/folders';
import type { Jobs } from '@/server/local-cloud/jobs/jobs';
import type { Operations } from '@/server/local-cloud/operations';
import {
  type GroupRecord,
  type LoadBalancerRecord,
  resourceKey,
  type Store,
} from '@/server/local-cloud/state';

/** The parts that the verbs work on. */
export interface Platform {
  readonly regions: readonly string[];
  readonly host: string;
  readonly store: Store;
  readonly operations: Operations;
  readonly library: ArtifactLibrary;
  readonly fleet: Fleet;
  readonly balancers: Balancers;
  readonly jobs: Jobs;
  readonly folders: JobFolders;
  readonly changes: Changes;
}

/** The platform does not know by which account a client calls it. */
export type GroupView = Omit<ServerGroup, 'account'>;
export type LoadBalancerView = Omit<LoadBalancer, 'account'>;
export type FirewallView = Omit<Firewall, 'account'>;

export interface InventoryView {
  readonly serverGroups: GroupView[];
  readonly loadBalancers: LoadBalancerView[];
  readonly firewalls: FirewallView[];
}

/** Everything, as it is now. */
export function inventoryView(platform: Platform): InventoryView {
  const { groups, loadBalancers, firewalls } = platform.store.current;
  return {
    serverGroups: groups.map((group) => groupView(platform, group)),
    loadBalancers: loadBalancers.map((record) => loadBalancerView(platform, record)),
    firewalls: firewalls.map((firewall) => ({ ...firewall })),
  };
}

export function groupView(platform: Platform, group: GroupRecord): GroupView {
  return {
    region: group.region,
    application: group.application,
    cluster: group.cluster,
    name: group.name,
    sequence: parseServerGroupName(group.name)?.sequence ?? null,
    artifact: group.artifact,
    capacity: group.capacity,
    instances: platform.fleet.of(resourceKey(group)).map((instance) => instance.view()),
    enabled: group.enabled,
    traffic: traffic(platform, group),
    loadBalancers: group.loadBalancers,
    createdAt: group.createdAt,
    configKeys: Object.keys(group.config),
  };
}

export function loadBalancerView(platform: Platform, record: LoadBalancerRecord): LoadBalancerView {
  const share = platform.balancers.sharesOf(record);
  return {
    region: record.region,
    name: record.name,
    application: record.application,
    url: addressOf(platform.host, record.port),
    targets: [...share].map(([serverGroup, weight]) => ({ serverGroup, weight })),
  };
}

/** Mean over the group's load balancers of the share it gets from each. */
function traffic(platform: Platform, group: GroupRecord): number {
  const behind = platform.store.current.loadBalancers.filter(
    (record) => record.region === group.region && group.loadBalancers.includes(record.name),
  );
  if (behind.length === 0) return 0;
  const total = behind.reduce(
    (sum, record) => sum + (platform.balancers.sharesOf(record).get(group.name) ?? 0),
    0,
  );
  // Rounding of the sum may exceed 1 by an ulp.
  return Math.min(1, total / behind.length);
}
