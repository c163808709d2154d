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
import type { Region } from '@/server/providers/aws/verbs/platform';
import { shortName } from '@/server/providers/aws/words/names';
import { TAGS, type Tags, tagsOf } from '@/server/providers/aws/words/tags';

/** The most that `DescribeTags` takes. */
const TAGS_PAGE = 20;
/** AWS names no limit; this keeps a request small. */
const LISTENERS_PAGE = 20;

/** An application load balancer that is ours. */
export interface BalancerView {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
  readonly url: string | null;
  /** Null until it has one. */
  readonly listenerArn: string | null;
  /** By target group, as the listener says now. */
  readonly weights: ReadonlyMap<string, number>;
}

export function balancerName(name: string): string {
  return shortName(name, 'lb');
}

/** Every one of the region that is ours. */
export async function readBalancers(region: Region, signal?: AbortSignal): Promise<BalancerView[]> {
  const found: Balancer[] = [];
  const pages = paginateDescribeLoadBalancers({ client: region.elb }, {}, { abortSignal: signal });
  for await (const page of pages) found.push(...(page.LoadBalancers ?? []));
  return views(region, found, signal);
}

/** Null when there is none of that name. */
export async function findBalancer(
  region: Region,
  name: string,
  signal?: AbortSignal,
): Promise<BalancerView | null> {
  try {
    const command = new DescribeLoadBalancersCommand({ Names: [balancerName(name)] });
    const { LoadBalancers = [] } = await region.elb.send(command, { abortSignal: signal });
    return (await views(region, LoadBalancers, signal))[0] ?? null;
  } catch (error) {
    if (error instanceof AwsRefusal && error.code === 'not_found') return null;
    throw error;
  }
}

async function views(
  region: Region,
  balancers: readonly Balancer[],
  signal?: AbortSignal,
): Promise<BalancerView[]> {
  const tags = await tagsByArn(
    region,
    balancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []),
    signal,
  );
  const ours = balancers.flatMap(({ LoadBalancerArn: arn = '', DNSName }) => {
    const known = tags.get(arn) ?? {};
    const name = known[TAGS.loadBalancer];
    return name === undefined ? [] : [{ arn, name, tags: known, url: DNSName ? `http://${DNSName}` : null }];
  });
  const listeners = await knownListeners(region, ours, signal);
  return Promise.all(
    ours.map(async (balancer) => {
      const listener = listeners.get(balancer.arn) ?? (await readListener(region, balancer.arn, signal));
      return {
        ...balancer,
        listenerArn: listener?.ListenerArn ?? null,
        weights: forwarded(listener?.DefaultActions ?? []),
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

async function tagsByArn(region: Region, arns: readonly string[], signal?: AbortSignal) {
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

/** The first: those that we make have one. */
async function readListener(
  { elb }: Region,
  LoadBalancerArn: string,
  signal?: AbortSignal,
): Promise<Listener | null> {
  const pages = paginateDescribeListeners({ client: elb }, { LoadBalancerArn }, { abortSignal: signal });
  for await (const { Listeners = [] } of pages) if (Listeners[0]) return Listeners[0];
  return null;
}

/** A forward to one target group may be said in short, without a weight. */
export function forwarded(actions: readonly Action[]): Map<string, number> {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const named = forward?.ForwardConfig?.TargetGroups ?? [];
  if (named.length > 0)
    return new Map(named.map(({ TargetGroupArn = '', Weight }) => [TargetGroupArn, Weight ?? 1]));
  return new Map(forward?.TargetGroupArn === undefined ? [] : [[forward.TargetGroupArn, 1]]);
}

/** By target group, its part of what the listener gets. */
export function sharesIn(weights: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([arn, weight]) => [arn, total === 0 ? 0 : weight / total]));
}
