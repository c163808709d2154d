import type { Endpoints, ServiceKey } from '@/server/providers/kubernetes/watch/endpoints';
import type { Workloads } from '@/server/providers/kubernetes/watch/workloads';
import type { RouteView } from '@/server/providers/kubernetes/words/balancers';

/** Share of the requests by the uid of the workload, 0..1, summing to 1 when any takes requests. */
export type Shares = ReadonlyMap<string, number>;

/**
 * How requests are shared out at one moment: by weights where a route has them, among what really has endpoints;
 * within a Service by its ready endpoints. Reckoned once for each Service and route.
 */
export class ShareReckoner {
  private readonly services = new Map<ServiceKey, Shares>();
  private readonly routes = new Map<RouteView, Shares>();

  constructor(
    private readonly endpoints: Endpoints,
    private readonly workloads: Workloads,
  ) {}

  ofService(key: ServiceKey): Shares {
    const known = this.services.get(key);
    if (known) return known;
    const counts = new Map<string, number>();
    let total = 0;
    for (const [uid, ready] of this.endpoints.of(key)) {
      const pod = this.workloads.pods.get(uid);
      const group = pod ? this.workloads.groupOf(pod) : null;
      // A pod that nobody has told of yet takes its part of the requests, too.
      if (ready) total += 1;
      if (group !== null) counts.set(group, (counts.get(group) ?? 0) + (ready ? 1 : 0));
    }
    const shares = new Map([...counts].map(([group, count]) => [group, total === 0 ? 0 : count / total]));
    this.services.set(key, shares);
    return shares;
  }

  /** The mean over its rules, for nobody knows which of them requests match. */
  ofRoute(route: RouteView): Shares {
    const known = this.routes.get(route);
    if (known) return known;
    const shares = new Map<string, number>();
    const rules = route.rules.filter((rule) => rule.length > 0);
    for (const rule of rules)
      for (const [group, share] of this.ofRule(route, rule))
        shares.set(group, (shares.get(group) ?? 0) + share / rules.length);
    this.routes.set(route, shares);
    return shares;
  }

  private ofRule({ namespace }: RouteView, rule: RouteView['rules'][number]): Shares {
    const backends = rule.map(({ service, weight }) => ({
      weight,
      shares: this.ofService(`${namespace}/${service}`),
    }));
    const able = backends.filter(({ shares }) => [...shares.values()].some((share) => share > 0));
    const total = able.reduce((sum, { weight }) => sum + weight, 0);
    const result = new Map<string, number>();
    for (const { shares } of backends) for (const group of shares.keys()) result.set(group, 0);
    if (total === 0) return result;
    for (const { weight, shares } of able)
      for (const [group, share] of shares)
        result.set(group, (result.get(group) ?? 0) + (share * weight) / total);
    return result;
  }
}
