import { setMaxListeners } from 'node:events';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { ClusterRef, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import type { ClusterView } from '@/server/providers/aws/watch';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { knownUrl } from '@/server/providers/lambda/read/addresses';
import {
  type FunctionView,
  findFunction,
  readFunctions,
  readState,
  readUrl,
} from '@/server/providers/lambda/read/functions';
import { type Mark, markIn } from '@/server/providers/lambda/words/mark';
import { serverGroupOf, sharesIn } from '@/server/providers/lambda/words/server-group-of';

/** Every version in the account's regions, ours and those of others, read from AWS now. */
export async function describe(platform: Platform, signal?: AbortSignal): Promise<Inventory> {
  // Every request in flight listens to it.
  if (signal) setMaxListeners(0, signal);
  const regions = await Promise.all(
    platform.regions.map((region) => describeRegion(platform, region, signal)),
  );
  return {
    serverGroups: regions.flatMap(({ serverGroups }) => serverGroups),
    loadBalancers: regions.flatMap(({ loadBalancers }) => loadBalancers),
    firewalls: [],
  };
}

async function describeRegion(
  platform: Platform,
  region: Region,
  signal?: AbortSignal,
): Promise<Pick<Inventory, 'serverGroups' | 'loadBalancers'>> {
  const functions = await readFunctions(platform, region, (versions) => versions.length > 0, signal);
  const [serverGroups, loadBalancers] = await Promise.all([
    Promise.all(functions.map((one) => groupsOf(platform, region, one, signal))),
    Promise.all(functions.map((one) => loadBalancersOf(platform, region, one, signal))),
  ]);
  return { serverGroups: serverGroups.flat(), loadBalancers: loadBalancers.flat() };
}

/** The groups of one cluster, oldest first: decisions are taken on them. Those of others are no part of it. */
export async function describeCluster(
  platform: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  const found = await functionOf(platform, ref, signal);
  return found ? ownGroups(platform, found.region, found.view, signal) : [];
}

/** As `describeCluster`, with the alias: for those who look. */
export async function lookAtCluster(
  platform: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<ClusterView> {
  const found = await functionOf(platform, ref, signal);
  if (!found) return { serverGroups: [], loadBalancers: [] };
  const { region, view } = found;
  const [serverGroups, loadBalancers] = await Promise.all([
    ownGroups(platform, region, view, signal),
    loadBalancersOf(platform, region, view, signal),
  ]);
  return { serverGroups, loadBalancers };
}

async function functionOf(
  platform: Platform,
  ref: ClusterRef,
  signal?: AbortSignal,
): Promise<{ readonly region: Region; readonly view: FunctionView } | null> {
  const region = platform.regions.find(({ name }) => name === ref.region);
  const view = region && (await findFunction(platform, region, ref.cluster, signal));
  return region && view ? { region, view } : null;
}

function ownGroups(
  platform: Platform,
  region: Region,
  view: FunctionView,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  const ours = view.versions.filter((version) => markIn(version.Description));
  return groupsOf(platform, region, { ...view, versions: ours, latest: null }, signal);
}

async function groupsOf(
  { account, config }: Platform,
  region: Region,
  { name, versions, latest, alias }: FunctionView,
  signal?: AbortSignal,
): Promise<ServerGroup[]> {
  // Nothing was ever published: callers get what is worked on.
  const shown = versions.length === 0 && latest ? [latest] : versions;
  const shares = sharesIn(alias);
  const groups = await Promise.all(
    shown.map(async (version) => {
      const known = await withState(region, name, version, signal);
      return known ? [serverGroupOf(account, region.name, config.alias, known, shares)] : [];
    }),
  );
  return groups.flat();
}

/** Lists do not say the state. That of others is taken for good: nobody decides on it. */
async function withState(
  region: Region,
  name: string,
  version: FunctionConfiguration,
  signal?: AbortSignal,
): Promise<FunctionConfiguration | null> {
  if (version.State !== undefined) return version;
  if (markIn(version.Description) === null) return { ...version, State: 'Active' };
  return readState(region, name, version.Version ?? '', signal);
}

/** A function of ours has one: its alias, which bears the name that its newest version says. */
async function loadBalancersOf(
  platform: Platform,
  region: Region,
  view: FunctionView,
  signal?: AbortSignal,
): Promise<LoadBalancer[]> {
  const balancer = balancerIn(view);
  if (!balancer) return [];
  const url = view.alias ? await knownUrl(platform, region, view.name, signal) : null;
  return [loadBalancerOf(platform, region.name, view, balancer, url)];
}

function balancerIn({ versions }: FunctionView): { name: string; application: string } | null {
  const last = versions.flatMap(({ Description }) => behind(markIn(Description))).at(-1);
  return last ?? null;
}

function behind(mark: Mark | null): { name: string; application: string }[] {
  if (mark?.loadBalancer == null) return [];
  return [{ name: mark.loadBalancer, application: mark.application }];
}

/** Also with the groups that are disabled: they are behind it, and get nothing. */
function loadBalancerOf(
  { account, config }: Platform,
  region: string,
  { versions, alias }: FunctionView,
  { name, application }: { name: string; application: string },
  url: string | null,
): LoadBalancer {
  const shares = sharesIn(alias);
  const targets = versions
    .map((version) => serverGroupOf(account, region, config.alias, version, shares))
    .filter((group) => group.loadBalancers.includes(name) || group.traffic > 0)
    .map((group) => ({ serverGroup: group.name, weight: group.traffic }));
  return {
    account,
    region,
    name,
    application,
    url,
    targets,
    sharedBy: 'weights',
    kind: `Lambda alias ${config.alias}`,
  };
}

/** What a load balancer is before a version stands behind it: nothing of it is at AWS yet. */
export async function loadBalancerNamed(
  platform: Platform,
  region: Region,
  name: string,
  application: string,
): Promise<LoadBalancer> {
  const view = await findFunction(platform, region, name);
  const empty = { name, latest: null, versions: [], alias: null };
  const url = view?.alias ? await readUrl(platform, region, name) : null;
  return loadBalancerOf(platform, region.name, view ?? empty, { name, application }, url);
}
