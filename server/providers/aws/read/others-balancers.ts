import {
  type Action,
  type LoadBalancer as Balancer,
  paginateDescribeListeners,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { forwarded, sharesIn } from '@/server/providers/aws/words/forward';
import type { Tags } from '@/server/providers/aws/words/tags';

/** A load balancer that somebody else made. */
export interface OthersBalancer {
  readonly name: string;
  readonly kind: string;
  readonly url: string | null;
  readonly tags: Tags;
  /** By target group, its part of what the load balancer gets, 0..1, as if every rule got the same. */
  readonly shares: ReadonlyMap<string, number>;
  /** By target group, its part of what the rule gets that gives it most. */
  readonly greatest: ReadonlyMap<string, number>;
}

/** What others route is shown and never decided on, so that it may be older than a sweep. */
const ROUTING_KEPT_MS = 5 * 60_000;
const TARGET_GROUPS_PAGE = 400;
const KINDS: Readonly<Record<string, string>> = {
  application: 'Application Load Balancer',
  network: 'Network Load Balancer',
  gateway: 'Gateway Load Balancer',
};

interface Routing {
  readonly readAt: number;
  readonly url: string | null;
  readonly shares: ReadonlyMap<string, number>;
  readonly greatest: ReadonlyMap<string, number>;
}

/** What is known of the routing of others in a region; each is asked for again when it is old. */
export class OthersRouting {
  private readonly known = new Map<string, Routing>();
  private found: readonly OthersBalancer[] = [];

  /** As they were when all were read last. */
  last(): readonly OthersBalancer[] {
    return this.found;
  }

  /**
   * Only those are asked for their listeners that send to one of the target groups: each costs requests of its own.
   * @param attached target groups in which instances are.
   */
  async read(
    region: Region,
    balancers: readonly Balancer[],
    tags: ReadonlyMap<string, Tags>,
    attached: ReadonlySet<string>,
    signal?: AbortSignal,
  ): Promise<OthersBalancer[]> {
    const behind =
      balancers.length === 0 ? new Set<string>() : await balancersInUse(region, attached, signal);
    const found: OthersBalancer[] = [];
    for (const { LoadBalancerArn: arn = '', LoadBalancerName: name = '', Type = '', DNSName } of balancers) {
      const routing = behind.has(arn) ? await this.routing(region, arn, DNSName, signal) : null;
      found.push({
        name,
        kind: KINDS[Type] ?? Type,
        url: routing?.url ?? null,
        tags: tags.get(arn) ?? {},
        shares: routing?.shares ?? new Map(),
        greatest: routing?.greatest ?? new Map(),
      });
    }
    for (const arn of this.known.keys()) if (!behind.has(arn)) this.known.delete(arn);
    this.found = found;
    return found;
  }

  private async routing(
    region: Region,
    arn: string,
    host: string | undefined,
    signal?: AbortSignal,
  ): Promise<Routing | null> {
    const before = this.known.get(arn);
    if (before && performance.now() - before.readAt < ROUTING_KEPT_MS) return before;
    try {
      const routing = await readRouting(region, arn, host, signal);
      this.known.set(arn, routing);
      return routing;
    } catch (error) {
      // It has gone meanwhile.
      if (error instanceof AwsRefusal && error.code === 'not_found') return null;
      throw error;
    }
  }
}

/** The load balancers of target groups in which instances are. */
async function balancersInUse(
  { elb }: Region,
  attached: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>();
  const pages = paginateDescribeTargetGroups(
    { client: elb, pageSize: TARGET_GROUPS_PAGE },
    {},
    { abortSignal: signal },
  );
  for await (const { TargetGroups = [] } of pages)
    for (const { TargetGroupArn = '', LoadBalancerArns = [] } of TargetGroups)
      if (attached.has(TargetGroupArn)) for (const arn of LoadBalancerArns) found.add(arn);
  return found;
}

/** Each listener and each rule that forwards shares out what it gets; what each gets is not known. */
async function readRouting(
  { elb }: Region,
  LoadBalancerArn: string,
  host: string | undefined,
  signal?: AbortSignal,
): Promise<Routing> {
  const options = { abortSignal: signal };
  const actions: (readonly Action[])[] = [];
  const protocols = new Set<string>();
  for await (const page of paginateDescribeListeners({ client: elb }, { LoadBalancerArn }, options))
    for (const { ListenerArn, Protocol = '', DefaultActions = [] } of page.Listeners ?? []) {
      protocols.add(Protocol);
      actions.push(DefaultActions);
      if (Protocol !== 'HTTP' && Protocol !== 'HTTPS') continue;
      for await (const { Rules = [] } of paginateDescribeRules({ client: elb }, { ListenerArn }, options))
        for (const { IsDefault, Actions = [] } of Rules) if (IsDefault !== true) actions.push(Actions);
    }
  const forwards = actions.map(forwarded).filter((weights) => weights.size > 0);
  const shares = new Map<string, number>();
  const greatest = new Map<string, number>();
  for (const weights of forwards)
    for (const [arn, share] of sharesIn(weights)) {
      shares.set(arn, (shares.get(arn) ?? 0) + share / forwards.length);
      greatest.set(arn, Math.max(share, greatest.get(arn) ?? 0));
    }
  return { readAt: performance.now(), url: urlOf(protocols, host), shares, greatest };
}

function urlOf(protocols: ReadonlySet<string>, host: string | undefined): string | null {
  if (host === undefined) return null;
  if (protocols.has('HTTPS')) return `https://${host}`;
  return protocols.has('HTTP') ? `http://${host}` : null;
}
