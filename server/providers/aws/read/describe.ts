import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import type { ClusterRef, Firewall, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { readGroups, readSurroundings } from '@/server/providers/aws/read/groups';
import {
  type BalancerView,
  findBalancer,
  readBalancers,
  sharesIn,
} from '@/server/providers/aws/read/load-balancers';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { firewallOf } from '@/server/providers/aws/words/firewall-of';
import { serverGroupOf } from '@/server/providers/aws/words/server-group-of';
import { membershipsIn, TAGS, tagsOf } from '@/server/providers/aws/words/tags';

/** Everything of ours in the account's regions, read from AWS now. */
export async function describe(platform: Platform, signal?: AbortSignal): Promise<Inventory> {
  const regions = await Promise.all(
    platform.regions.map((region) => describeRegion(platform, region, signal)),
  );
  return {
    serverGroups: regions.flatMap(({ serverGroups }) => serverGroups),
    loadBalancers: regions.flatMap(({ loadBalancers }) => loadBalancers),
    firewalls: regions.flatMap(({ firewalls }) => firewalls),
  };
}

async function describeRegion(
  { account }: Platform,
  region: Region,
  signal?: AbortSignal,
): Promise<Inventory> {
  const filters = [{ Name: 'tag-key', Values: [TAGS.cluster] }];
  const [groups, balancers, firewalls] = await Promise.all([
    readGroups(region, { filters }, signal),
    readBalancers(region, signal),
    readFirewalls(account, region, signal),
  ]);
  const around = await readSurroundings(region, groups, null, signal);
  const shares = sharesOf(balancers);
  const serverGroups = groups.flatMap(
    (group) => serverGroupOf(account, region.name, group, { ...around, shares }) ?? [],
  );
  const loadBalancers = balancers.map((view) => loadBalancerOf(account, region.name, view, groups));
  return { serverGroups, loadBalancers, firewalls };
}

/** The groups of one cluster, oldest first, in few requests: decisions are taken on them. */
export async function describeCluster(
  { account, regions }: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  const region = regions.find(({ name }) => name === ref.region);
  if (!region) return [];
  const filters = [{ Name: `tag:${TAGS.cluster}`, Values: [ref.cluster] }];
  const groups = await readGroups(region, { filters }, signal);
  if (groups.length === 0) return [];
  const names = new Set(
    groups.flatMap((group) => membershipsIn(tagsOf(group.Tags)).map(({ loadBalancer }) => loadBalancer)),
  );
  const [around, balancers] = await Promise.all([
    readSurroundings(region, groups, ref.cluster, signal),
    Promise.all([...names].map((name) => findBalancer(region, name, signal))),
  ]);
  const shares = sharesOf(balancers.filter((view) => view !== null));
  return groups
    .flatMap((group) => serverGroupOf(account, region.name, group, { ...around, shares }) ?? [])
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
}

function sharesOf(balancers: readonly BalancerView[]): Map<string, number> {
  return new Map(balancers.flatMap(({ weights }) => [...sharesIn(weights)]));
}

/** Also with the groups that are disabled: they are behind it, and get nothing. */
export function loadBalancerOf(
  account: string,
  region: string,
  { name, tags, url, weights }: BalancerView,
  groups: readonly AutoScalingGroup[],
): LoadBalancer {
  const shares = sharesIn(weights);
  const targets = groups.flatMap((group) =>
    membershipsIn(tagsOf(group.Tags))
      .filter(({ loadBalancer }) => loadBalancer === name)
      .map(({ targetGroupArn }) => ({
        serverGroup: group.AutoScalingGroupName ?? '',
        weight: shares.get(targetGroupArn) ?? 0,
      })),
  );
  const application = tags[TAGS.application] ?? '';
  return {
    account,
    region,
    name,
    application,
    url,
    targets,
    sharedBy: 'weights',
    kind: 'Application Load Balancer',
  };
}

async function readFirewalls(account: string, region: Region, signal?: AbortSignal): Promise<Firewall[]> {
  const found: Firewall[] = [];
  const pages = paginateDescribeSecurityGroups(
    { client: region.ec2 },
    { Filters: [{ Name: 'tag-key', Values: [TAGS.firewall] }] },
    { abortSignal: signal },
  );
  for await (const { SecurityGroups = [] } of pages)
    for (const group of SecurityGroups) {
      const firewall = firewallOf(account, region.name, group);
      if (firewall) found.push(firewall);
    }
  return found;
}
