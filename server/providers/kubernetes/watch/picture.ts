import type { Firewall, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import {
  knativeBalancer,
  routeBalancer,
  type Sources,
  serviceBalancer,
} from '@/server/providers/kubernetes/watch/balancers';
import { ShareReckoner } from '@/server/providers/kubernetes/watch/shares';
import type { Store } from '@/server/providers/kubernetes/watch/store';
import type { RouteView } from '@/server/providers/kubernetes/words/balancers';
import type { PodView } from '@/server/providers/kubernetes/words/pod-view';
import { missingGateway } from '@/server/providers/kubernetes/words/route-status';
import {
  identityOf,
  isHistory,
  type Reach,
  serverGroupOf,
} from '@/server/providers/kubernetes/words/server-group-of';
import type { WorkloadView } from '@/server/providers/kubernetes/words/workloads';

/**
 * The inventory that a store amounts to. Only what changed is reckoned again; what came out as before is the same
 * object as before.
 */
export class Picture {
  private readonly groups = new Map<string, ServerGroup>();
  private balancers = new Map<string, LoadBalancer>();
  private firewalls: readonly Firewall[] = [];
  private last: Inventory = { serverGroups: [], loadBalancers: [], firewalls: [] };

  constructor(private readonly store: Store) {}

  /** @param now epoch ms */
  inventory(now: number): Inventory {
    const { store } = this;
    store.ripen(now);
    if (store.dirt.isClean) return this.last;
    const shares = new ShareReckoner(store.endpoints, store.workloads);
    for (const uid of store.dirt.groups) this.drawGroup(uid, shares, now);
    this.drawBalancers(shares);
    if (store.dirt.firewalls) this.firewalls = [...store.firewalls.values()];
    store.dirt.clean();
    this.last = {
      serverGroups: [...this.groups.values()].toSorted(byAge),
      loadBalancers: [...this.balancers.values()],
      firewalls: [...this.firewalls],
    };
    return this.last;
  }

  private drawGroup(uid: string, shares: ShareReckoner, now: number): void {
    const view = this.store.workloads.all.get(uid);
    const group = view ? this.groupOf(view, shares, now) : null;
    if (!group) this.groups.delete(uid);
    else if (!isSame(this.groups.get(uid), group)) this.groups.set(uid, group);
  }

  private groupOf(view: WorkloadView, shares: ShareReckoner, now: number): ServerGroup | null {
    const { workloads, account } = this.store;
    const owner = workloads.ownerOf(view);
    const pods = workloads.podsOf(view);
    if (workloads.isPartOfRevision(view) || isHistory(view, owner, pods.length)) return null;
    const named = { ...view, name: workloads.nameOf(view) };
    return serverGroupOf(
      account,
      named,
      identityOf(view, owner),
      pods,
      this.reachOf(view, pods, shares),
      now,
    );
  }

  private reachOf(view: WorkloadView, pods: readonly PodView[], shares: ShareReckoner): Reach {
    if (view.kind === 'KnativeRevision') return this.reachOfRevision(view);
    const names = view.ours ? view.loadBalancers : this.servicesOver(view, pods);
    const keys = names.map((name) => `${view.namespace}/${name}`);
    return {
      loadBalancers: names,
      shares: keys
        .filter((key) => this.store.endpoints.has(key))
        .map((key) => this.shareOf(view, key, shares)),
      awaited: (pod) => (view.ours?.enabled ? this.awaitedBy(view, pod) : null),
      leavesOut: (pod) => view.ours?.enabled === true && isLeftOut(view, pod),
      trouble: view.ours?.enabled ? this.troubleBefore(keys) : null,
      unanswered: view.ours?.enabled === true && keys.some((key) => this.ourRoute(key)?.unanswered),
    };
  }

  private reachOfRevision({ namespace, name, keeper }: WorkloadView): Reach {
    const service = this.store.knative.get(`${namespace}/${keeper.name}`);
    return {
      loadBalancers: [keeper.name],
      shares: service ? [service.shares?.[name] ?? 0] : [],
      awaited: () => null,
      leavesOut: () => false,
      trouble: null,
      unanswered: false,
    };
  }

  /** The Services that somebody noted, and those whose endpoints its pods are. */
  private servicesOver(view: WorkloadView, pods: readonly PodView[]): string[] {
    const names = new Set(view.loadBalancers);
    for (const pod of pods)
      for (const key of this.store.endpoints.servicesWith(pod.uid)) {
        const service = this.store.services.get(key);
        if (service?.shown) names.add(service.name);
      }
    return [...names].toSorted();
  }

  private shareOf(view: WorkloadView, key: string, shares: ShareReckoner): number {
    const route = view.ours ? this.ourRoute(key) : this.weighingRoute(view.namespace, key);
    const found = route ? shares.ofRoute(route) : shares.ofService(key);
    return found.get(view.uid) ?? 0;
  }

  private ourRoute(key: string): RouteView | undefined {
    const route = this.store.routes.get(`HTTPRoute/${key}`);
    return route?.ours ? route : undefined;
  }

  /** What keeps requests from the load balancers of these keys. */
  private troubleBefore(keys: readonly string[]): string | null {
    const troubles = keys.flatMap((key) => {
      const route = this.ourRoute(key);
      return (route && this.troubleOf(route)) ?? [];
    });
    return troubles[0] ?? null;
  }

  private troubleOf({ gateways, trouble }: RouteView): string | null {
    const lost = gateways.filter((key) => this.store.lostGateways.has(key));
    const [first] = lost;
    return first !== undefined && lost.length === gateways.length ? missingGateway(first) : trouble;
  }

  /** A route that shares out by weight what comes to several Services, of which this is one. */
  private weighingRoute(namespace: string, key: string): RouteView | undefined {
    const name = key.slice(namespace.length + 1);
    for (const route of this.store.routes.values()) {
      if (route.namespace !== namespace) continue;
      if (route.rules.some((rule) => rule.length > 1 && rule.some(({ service }) => service === name)))
        return route;
    }
    return undefined;
  }

  /** The load balancer that a pod is to get requests from and that does not know it yet. */
  private awaitedBy({ namespace, name, loadBalancers }: WorkloadView, pod: PodView): string | null {
    const { endpoints } = this.store;
    for (const balancer of loadBalancers) {
      if (!pod.carries.includes(balancer)) continue;
      const key = `${namespace}/${this.ourRoute(`${namespace}/${balancer}`) ? name : balancer}`;
      if (endpoints.has(key) && !endpoints.of(key).get(pod.uid)) return balancer;
    }
    return null;
  }

  private drawBalancers(shares: ShareReckoner): void {
    const { store } = this;
    const from: Sources = {
      account: store.account,
      shares,
      target: (uid) => this.groups.get(uid) ?? null,
      ourRoute: (key) => this.ourRoute(key),
      troubleOf: (route) => this.troubleOf(route),
      madeFor: (key) => [...(store.madeFor.get(key) ?? [])],
    };
    const drawn = new Map<string, LoadBalancer>();
    const keep = (key: string, isDirty: boolean, draw: () => LoadBalancer) => {
      const before = this.balancers.get(key);
      if (before && !isDirty) drawn.set(key, before);
      else {
        const now = draw();
        drawn.set(key, before && isSame(before, now) ? before : now);
      }
    };
    const { dirt } = store;
    for (const [key, view] of store.services)
      if (view.shown) keep(key, dirt.balancers || dirt.services.has(key), () => serviceBalancer(from, view));
    for (const [key, view] of store.routes)
      if (!view.ours) keep(key, dirt.balancers || dirt.services.size > 0, () => routeBalancer(from, view));
    for (const [key, view] of store.knative)
      keep(`knative/${key}`, dirt.balancers || dirt.groups.size > 0, () =>
        knativeBalancer(from, view, this.revisionsOf(view.namespace, view.name)),
      );
    this.balancers = drawn;
  }

  private revisionsOf(namespace: string, service: string): Map<string, string> {
    const found = new Map<string, string>();
    for (const view of this.store.workloads.all.values())
      if (view.kind === 'KnativeRevision' && view.namespace === namespace && view.keeper.name === service)
        found.set(view.name, view.uid);
    return found;
  }
}

/** By a hand that took its labels, or because weights are kept by how many pods carry them. */
function isLeftOut({ loadBalancers }: WorkloadView, { carries }: PodView): boolean {
  return loadBalancers.length > 0 && !loadBalancers.some((name) => carries.includes(name));
}

function isSame(before: object | undefined, now: object): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}

function byAge(a: ServerGroup, b: ServerGroup): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.name < b.name ? -1 : 1);
}
