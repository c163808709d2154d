import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { paginateDescribeSecurityGroups, type SecurityGroup } from '@aws-sdk/client-ec2';
import type { ClusterRef, Firewall, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { readGroups, readSurroundings } from '@/server/providers/aws/read/groups';
import {
  type BalancerView,
  findBalancer,
  listBalancers,
  ownViews,
  routeViews,
} from '@/server/providers/aws/read/load-balancers';
import type { OthersBalancer } from '@/server/providers/aws/read/others-balancers';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import type { ClusterView } from '@/server/providers/aws/watch';
import { firewallOf, othersFirewallOf } from '@/server/providers/aws/words/firewall-of';
import { sharesIn } from '@/server/providers/aws/words/forward';
import { applicationByName, applicationIn } from '@/server/providers/aws/words/keeper-of';
import { classicKey, othersGroupOf, targetGroupsOf } from '@/server/providers/aws/words/others-group-of';
import { type Surroundings, serverGroupOf } from '@/server/providers/aws/words/server-group-of';
import { isOurs, membershipsIn, TAGS, tagsOf } from '@/server/providers/aws/words/tags';

/** Everything in the account's regions, ours and what others made, read from AWS now. */
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
  const [groups, all, securityGroups] = await Promise.all([
    readGroups(region, {}, signal),
    listBalancers(region, signal),
    readSecurityGroups(region, signal),
  ]);
  region.others.seen(groups);
  const routes = await routeViews(region, signal);
  const own = [...(await ownViews(region, all.balancers, all.tags, signal)), ...routes];
  const foreign = all.balancers.filter(
    ({ LoadBalancerArn = '' }) => all.tags.get(LoadBalancerArn)?.[TAGS.loadBalancer] === undefined,
  );
  const attached = new Set(groups.filter((group) => !isOurs(group)).flatMap(targetGroupsOf));
  const theirs = await region.others.routing.read(region, foreign, all.tags, attached, signal);
  const around = await readSurroundings(region, groups, 'everything', signal);
  const images = await region.others.imageNames(region, imagesOfOthers(groups, around), signal);
  const serverGroups = groupsOf(account, region, groups, {
    ...around,
    ...routedBy(groups, own, theirs),
    images,
  });
  const ours = own.map((view) =>
    isLeft(view, routes)
      ? leftBalancerOf(account, region.name, view, groups)
      : loadBalancerOf(account, region.name, view, groups),
  );
  const others = theirs.map((one) => othersBalancerOf(account, region.name, one, serverGroups, groups));
  return {
    serverGroups,
    loadBalancers: [...ours, ...unlike(ours, others)],
    firewalls: firewallsOf(account, region, securityGroups, serverGroups, around),
  };
}

/** Our groups of one cluster, oldest first, in few requests: decisions are taken on them. */
export async function describeCluster(
  { account, regions }: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  const region = regions.find(({ name }) => name === ref.region);
  if (!region) return [];
  const own = await ownGroups(region, ref, signal);
  return (await describeSome(account, region, own, [], signal)).serverGroups;
}

/**
 * As `describeCluster`, with what others have there, and the load balancers of ours: for those who look, and not for
 * decisions.
 */
export async function lookAtCluster(
  { account, regions }: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<ClusterView> {
  const region = regions.find(({ name }) => name === ref.region);
  if (!region) return { serverGroups: [], loadBalancers: [] };
  const [own, theirs] = await Promise.all([
    ownGroups(region, ref, signal),
    region.others.inCluster(region, ref.cluster, signal),
  ]);
  return describeSome(account, region, own, theirs, signal);
}

/** Numbers of the cluster that names of groups of others have taken. */
export async function takenSequences(
  { regions }: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<number[]> {
  const region = regions.find(({ name }) => name === ref.region);
  return region ? region.others.sequencesIn(region, ref.cluster, signal) : [];
}

/** Whoever writes a cluster's name on a group by hand does not give it to us. */
async function ownGroups(
  region: Region,
  { cluster }: ClusterRef,
  signal?: AbortSignal,
): Promise<AutoScalingGroup[]> {
  const filters = [{ Name: `tag:${TAGS.cluster}`, Values: [cluster] }];
  return (await readGroups(region, { filters }, signal)).filter(isOurs);
}

async function describeSome(
  account: string,
  region: Region,
  own: readonly AutoScalingGroup[],
  theirs: readonly AutoScalingGroup[],
  signal?: AbortSignal,
): Promise<ClusterView> {
  const groups = [...own, ...theirs];
  if (groups.length === 0) return { serverGroups: [], loadBalancers: [] };
  const names = new Set(
    own.flatMap((group) => membershipsIn(tagsOf(group.Tags)).map(({ loadBalancer }) => loadBalancer)),
  );
  const [around, found] = await Promise.all([
    readSurroundings(region, groups, 'few', signal),
    Promise.all([...names].map((name) => findBalancer(region, name, signal))),
  ]);
  const balancers = found.filter((view) => view !== null);
  const images = await region.others.imageNames(region, imagesOfOthers(groups, around), signal);
  const known = region.others.routing.last();
  const routed = routedBy(groups, balancers, known);
  const serverGroups = groupsOf(account, region, groups, { ...around, ...routed, images });
  return {
    serverGroups: serverGroups.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)),
    loadBalancers: balancers.map((view) => loadBalancerOf(account, region.name, view, groups)),
  };
}

function groupsOf(
  account: string,
  region: Region,
  groups: readonly AutoScalingGroup[],
  around: Surroundings,
): ServerGroup[] {
  return groups.map(
    (group) =>
      serverGroupOf(account, region.name, group, around) ??
      othersGroupOf(account, region.name, group, around),
  );
}

function imagesOfOthers(
  groups: readonly AutoScalingGroup[],
  { machines }: Pick<Surroundings, 'machines'>,
): string[] {
  const members = groups.filter((group) => !isOurs(group)).flatMap(({ Instances = [] }) => Instances);
  const ids = members.flatMap(({ InstanceId = '' }) => machines.get(InstanceId)?.ImageId ?? []);
  return [...new Set(ids)];
}

/** The part that each target group gets. Of several rules of others, the one that gives it most counts. */
function routedBy(
  groups: readonly AutoScalingGroup[],
  own: readonly BalancerView[],
  theirs: readonly OthersBalancer[],
): Pick<Surroundings, 'shares' | 'balancers' | 'balancerIds'> {
  const shares = classicShares(groups);
  const balancers = new Map<string, string[]>();
  for (const { name, greatest } of theirs)
    for (const [arn, share] of greatest) {
      shares.set(arn, Math.max(share, shares.get(arn) ?? 0));
      balancers.set(arn, [...(balancers.get(arn) ?? []), name]);
    }
  for (const { weights } of own) for (const [arn, share] of sharesIn(weights)) shares.set(arn, share);
  const balancerIds = new Map(own.map(({ name, notesArn }) => [name, balancerIdIn(notesArn)]));
  return { shares, balancers, balancerIds };
}

/** `app/name/id`, whether it is of the load balancer itself, of a listener or of a rule. */
function balancerIdIn(arn: string): string {
  return /\/(app\/[^/]+\/[^/]+)/.exec(arn)?.[1] ?? '';
}

/** Classic load balancers know no weights: requests go where instances are. */
function classicShares(groups: readonly AutoScalingGroup[]): Map<string, number> {
  const behind = new Map<string, { readonly group: string; readonly serving: number }[]>();
  for (const { AutoScalingGroupName: group = '', LoadBalancerNames = [], Instances = [] } of groups)
    for (const name of LoadBalancerNames) {
      const serving = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length;
      behind.set(name, [...(behind.get(name) ?? []), { group, serving }]);
    }
  return new Map(
    [...behind].flatMap(([name, members]) => {
      const total = members.reduce((sum, { serving }) => sum + serving, 0);
      return members.map(
        ({ group, serving }) => [classicKey(name, group), total === 0 ? 0 : serving / total] as const,
      );
    }),
  );
}

/** Also with the groups that are disabled: they are behind it, and get nothing. */
export function loadBalancerOf(
  account: string,
  region: string,
  { name, tags, url, weights, kind }: BalancerView,
  groups: readonly AutoScalingGroup[],
): LoadBalancer {
  const shares = sharesIn(weights);
  const behind = groups.flatMap((group) =>
    membershipsIn(tagsOf(group.Tags))
      .filter(({ loadBalancer }) => loadBalancer === name)
      .map(({ targetGroupArn }) => ({ group, weight: shares.get(targetGroupArn) ?? 0 })),
  );
  const [first] = behind;
  return {
    account,
    region,
    name,
    application:
      tags[TAGS.application] ??
      (first ? applicationIn(tagsOf(first.group.Tags)) : null) ??
      applicationByName(name),
    url,
    targets: behind.map(({ group, weight }) => ({ serverGroup: group.AutoScalingGroupName ?? '', weight })),
    sharedBy: 'weights',
    kind,
  };
}

/** Whether requests come by a route of the account instead since it was set up. */
function isLeft({ name, isOurs: own }: BalancerView, routes: readonly BalancerView[]): boolean {
  return own && routes.some((route) => route.name === name);
}

/** It stays, and costs, until somebody removes it: people see it apart, with what it alone still leads to. */
function leftBalancerOf(
  account: string,
  region: string,
  view: BalancerView,
  groups: readonly AutoScalingGroup[],
): LoadBalancer {
  const { targets, ...left } = loadBalancerOf(account, region, view, groups);
  return {
    ...left,
    name: `${view.name} (before the route)`,
    targets: targets.filter(({ weight }) => weight > 0),
  };
}

function othersBalancerOf(
  account: string,
  region: string,
  { name, kind, url, tags, shares }: OthersBalancer,
  serverGroups: readonly ServerGroup[],
  groups: readonly AutoScalingGroup[],
): LoadBalancer {
  const targets = groups.flatMap((group) => {
    const behind = targetGroupsOf(group).filter((arn) => shares.has(arn));
    const weight = behind.reduce((sum, arn) => sum + (shares.get(arn) ?? 0), 0);
    return behind.length === 0
      ? []
      : [{ serverGroup: group.AutoScalingGroupName ?? '', weight: Math.min(1, weight) }];
  });
  const first = serverGroups.find((group) => group.name === targets[0]?.serverGroup);
  const application = applicationIn(tags) ?? first?.application ?? applicationByName(name);
  return { account, region, name, application, url, targets, sharedBy: 'weights', kind };
}

/** Two may have the same name here, though not at AWS: one of others then says what it is. */
function unlike<T extends { readonly name: string }>(
  ours: readonly T[],
  others: readonly T[],
  mark = 'of others',
): T[] {
  const taken = new Set(ours.map(({ name }) => name));
  return others.map((one) => (taken.has(one.name) ? { ...one, name: `${one.name} (${mark})` } : one));
}

function firewallsOf(
  account: string,
  region: Region,
  securityGroups: readonly SecurityGroup[],
  serverGroups: readonly ServerGroup[],
  { machines }: Pick<Surroundings, 'machines'>,
): Firewall[] {
  const ours = apartById(
    securityGroups.flatMap((group) => {
      const firewall = firewallOf(account, region.name, group);
      return firewall ? [{ ...firewall, id: group.GroupId ?? '' }] : [];
    }),
  );
  const users = applicationsBySecurityGroup(serverGroups, machines);
  const others = securityGroups
    .filter((group) => firewallOf(account, region.name, group) === null)
    .map((group) => othersFirewallOf(account, region.name, group, users.get(group.GroupId ?? '') ?? null));
  const names = new Map<string, number>();
  for (const { name } of [...ours, ...others]) names.set(name, (names.get(name) ?? 0) + 1);
  // Names are given once for each VPC, and here once for each region.
  return [
    ...ours,
    ...others.map(({ id, ...one }) =>
      (names.get(one.name) ?? 0) > 1 ? { ...one, name: `${one.name} ${id}` } : one,
    ),
  ];
}

/** The tag that names ours may stand on several, by hand or in several VPCs: all but the first say which they are. */
function apartById(firewalls: readonly (Firewall & { readonly id: string })[]): Firewall[] {
  const taken = new Set<string>();
  return firewalls.map(({ id, ...one }) => {
    if (taken.has(one.name)) return { ...one, name: `${one.name} ${id}` };
    taken.add(one.name);
    return one;
  });
}

function applicationsBySecurityGroup(
  serverGroups: readonly ServerGroup[],
  machines: Surroundings['machines'],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { application, instances } of serverGroups)
    for (const { id } of instances)
      for (const { GroupId } of machines.get(id)?.SecurityGroups ?? [])
        if (GroupId !== undefined && !found.has(GroupId)) found.set(GroupId, application);
  return found;
}

async function readSecurityGroups(region: Region, signal?: AbortSignal): Promise<SecurityGroup[]> {
  const found: SecurityGroup[] = [];
  const pages = paginateDescribeSecurityGroups(
    { client: region.ec2, pageSize: 1_000 },
    {},
    { abortSignal: signal },
  );
  for await (const { SecurityGroups = [] } of pages) found.push(...SecurityGroups);
  return found;
}
