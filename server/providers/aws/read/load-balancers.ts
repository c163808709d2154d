import {
  type Action,
  type LoadBalancer as Balancer,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type Listener,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { findRoute, type RouteView } from '@/server/providers/aws/read/routes';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { forwarded } from '@/server/providers/aws/words/forward';
import { shortName } from '@/server/providers/aws/words/names';
import { TAGS, type Tags, tagsOf } from '@/server/providers/aws/words/tags';

/** The most that `DescribeTags` takes. */
const TAGS_PAGE = 20;
/** AWS names no limit; this keeps a request small. */
const LISTENERS_PAGE = 20;

/** What requests reach groups of ours by: a load balancer that is ours, or a listener or rule that we may use. */
export interface BalancerView {
  readonly name: string;
  /** What our notes of it are written on. */
  readonly notesArn: string;
  readonly tags: Tags;
  readonly url: string | null;
  readonly kind: string;
  /** What shares requests out; null until there is one. */
  readonly route: { readonly kind: 'listener' | 'rule'; readonly arn: string } | null;
  /** As they are now, all of them. */
  readonly actions: readonly Action[];
  /** By target group, as the route says now. */
  readonly weights: ReadonlyMap<string, number>;
  /** False for a listener or a rule of others: target groups in it that are not ours stay. */
  readonly isOurs: boolean;
}

export function balancerName(name: string): string {
  return shortName(name, 'lb');
}

/** All load balancers of a region, whosoever. */
export async function listBalancers(
  region: Region,
  signal?: AbortSignal,
): Promise<{ readonly balancers: Balancer[]; readonly tags: ReadonlyMap<string, Tags> }> {
  const balancers: Balancer[] = [];
  const pages = paginateDescribeLoadBalancers({ client: region.elb }, {}, { abortSignal: signal });
  for await (const page of pages) balancers.push(...(page.LoadBalancers ?? []));
  const arns = balancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
  return { balancers, tags: await tagsByArn(region, arns, signal) };
}

/** Null when the account has none of that name. */
export async function findBalancer(
  region: Region,
  name: string,
  signal?: AbortSignal,
): Promise<BalancerView | null> {
  const route = region.settings.routes.find((one) => one.loadBalancer === name);
  if (route) {
    const found = await findRoute(region, route.arn, signal);
    if (!found) return null;
    const tags = await tagsByArn(region, [route.arn], signal);
    return viewOfRoute(name, found, tags.get(route.arn) ?? {});
  }
  try {
    const command = new DescribeLoadBalancersCommand({ Names: [balancerName(name)] });
    const { LoadBalancers = [] } = await region.elb.send(command, { abortSignal: signal });
    const arns = LoadBalancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
    const tags = await tagsByArn(region, arns, signal);
    return (await ownViews(region, LoadBalancers, tags, signal))[0] ?? null;
  } catch (error) {
    if (error instanceof AwsRefusal && error.code === 'not_found') return null;
    throw error;
  }
}

/** Those that the account may use of others, as they are now; one that has gone is left out. */
export async function routeViews(region: Region, signal?: AbortSignal): Promise<BalancerView[]> {
  const { routes } = region.settings;
  const tags = await tagsByArn(
    region,
    routes.map(({ arn }) => arn),
    signal,
  );
  const views = await Promise.all(
    routes.map(async ({ loadBalancer, arn }) => {
      const found = await findRoute(region, arn, signal);
      return found ? [viewOfRoute(loadBalancer, found, tags.get(arn) ?? {})] : [];
    }),
  );
  return views.flat();
}

function viewOfRoute(name: string, { kind, arn, actions, url }: RouteView, tags: Tags): BalancerView {
  return {
    name,
    notesArn: arn,
    tags,
    url,
    kind: kind === 'rule' ? 'Rule of a load balancer' : 'Listener of a load balancer',
    route: { kind, arn },
    actions,
    weights: forwarded(actions),
    isOurs: false,
  };
}

/** Those among them that are ours. */
export async function ownViews(
  region: Region,
  balancers: readonly Balancer[],
  tags: ReadonlyMap<string, Tags>,
  signal?: AbortSignal,
): Promise<BalancerView[]> {
  const ours = balancers.flatMap(({ LoadBalancerArn: arn = '', DNSName: host }) => {
    const known = tags.get(arn) ?? {};
    const name = known[TAGS.loadBalancer];
    return name === undefined ? [] : [{ arn, name, tags: known, host }];
  });
  const listeners = await knownListeners(region, ours, signal);
  return Promise.all(
    ours.map(async ({ arn, name, tags: known, host }): Promise<BalancerView> => {
      const listener = listeners.get(arn) ?? (await mainListener(region, arn, signal));
      const actions = listener?.DefaultActions ?? [];
      const protocol = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
      return {
        name,
        notesArn: arn,
        tags: known,
        url: host ? `${protocol}://${host}` : null,
        kind: 'Application Load Balancer',
        route: listener?.ListenerArn ? { kind: 'listener', arn: listener.ListenerArn } : null,
        actions,
        weights: forwarded(actions),
        isOurs: true,
      };
    }),
  );
}

/** Those whose load balancers name them in a tag, many at a time. */
async function knownListeners(
  { elb }: Region,
  balancers: readonly { readonly tags: Tags }[],
  signal?: AbortSignal,
): Promise<Map<string, Listener>> {
  const found = new Map<string, Listener>();
  const arns = balancers.flatMap(({ tags }) => tags[TAGS.listener] ?? []);
  for (let from = 0; from < arns.length; from += LISTENERS_PAGE) {
    const ListenerArns = arns.slice(from, from + LISTENERS_PAGE);
    try {
      const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ ListenerArns }), {
        abortSignal: signal,
      });
      for (const listener of Listeners) found.set(listener.LoadBalancerArn ?? '', listener);
    } catch (error) {
      // One that was deleted by hand refuses all of them; then each load balancer is asked for its own.
      if (!(error instanceof AwsRefusal) || error.code !== 'not_found') throw error;
    }
  }
  return found;
}

export async function tagsByArn(region: Region, arns: readonly string[], signal?: AbortSignal) {
  const found = new Map<string, Tags>();
  for (let from = 0; from < arns.length; from += TAGS_PAGE) {
    const ResourceArns = arns.slice(from, from + TAGS_PAGE);
    const { TagDescriptions = [] } = await region.elb.send(new DescribeTagsCommand({ ResourceArns }), {
      abortSignal: signal,
    });
    for (const { ResourceArn = '', Tags: given } of TagDescriptions) found.set(ResourceArn, tagsOf(given));
  }
  return found;
}

export async function listenersOf(
  { elb }: Region,
  LoadBalancerArn: string,
  signal?: AbortSignal,
): Promise<Listener[]> {
  const found: Listener[] = [];
  const pages = paginateDescribeListeners({ client: elb }, { LoadBalancerArn }, { abortSignal: signal });
  for await (const { Listeners = [] } of pages) found.push(...Listeners);
  return found;
}

/** The encrypted one, where there are two: the other only sends people there. */
async function mainListener(region: Region, arn: string, signal?: AbortSignal): Promise<Listener | null> {
  const all = await listenersOf(region, arn, signal);
  return all.find(({ Protocol }) => Protocol === 'HTTPS') ?? all[0] ?? null;
}
