import type { LoadBalancer } from '@/server/domain/inventory';
import type { ShareReckoner, Shares } from '@/server/providers/kubernetes/watch/shares';
import type { RouteView, ServiceView } from '@/server/providers/kubernetes/words/balancers';
import type { OwnerView } from '@/server/providers/kubernetes/words/owners';

/** A server group as load balancers know it. */
export interface Target {
  readonly name: string;
  readonly application: string;
}

/** What load balancers are made from. */
export interface Sources {
  readonly account: string;
  readonly shares: ShareReckoner;
  /** By uid; null when the workload is not shown. */
  readonly target: (uid: string) => Target | null;
  /** The route of ours that shares out the requests of the load balancer of that key. */
  readonly ourRoute: (key: string) => RouteView | undefined;
  /** Why no requests come by a route. */
  readonly troubleOf: (route: RouteView) => string | null;
  /** Our groups that were made for the load balancer of that key, whether they get anything or not. */
  readonly madeFor: (key: string) => readonly string[];
}

export function serviceBalancer(from: Sources, view: ServiceView): LoadBalancer {
  const key = `${view.namespace}/${view.name}`;
  const route = view.ours ? from.ourRoute(key) : undefined;
  const shares = route ? from.shares.ofRoute(route) : from.shares.ofService(key);
  const targets = targetsOf(from, shares, view.ours ? from.madeFor(key) : []);
  return {
    account: from.account,
    region: view.namespace,
    name: view.name,
    application: view.application ?? firstApplication(from, shares) ?? view.selected ?? view.name,
    url: route?.url ?? view.url,
    targets,
    sharedBy: route ? 'weights' : 'instances',
    kind: route ? route.kind : 'Service',
    ...problemIn(from, route),
  };
}

/** Qualified, because an Ingress and a route often have the name of the Service behind them. */
export function routeBalancer(from: Sources, view: RouteView): LoadBalancer {
  const shares = from.shares.ofRoute(view);
  return {
    account: from.account,
    region: view.namespace,
    name: `${view.name}.${view.kind.toLowerCase()}`,
    application: view.application ?? firstApplication(from, shares) ?? view.name,
    url: view.url,
    targets: targetsOf(from, shares, []),
    sharedBy: view.rules.some((rule) => rule.length > 1) ? 'weights' : 'instances',
    kind: view.kind,
    ...problemIn(from, view),
  };
}

function problemIn({ troubleOf }: Sources, route: RouteView | undefined): { problem?: string } {
  const problem = route ? troubleOf(route) : null;
  return problem === null ? {} : { problem };
}

/** @param revisions uid by the name of the service's revisions. */
export function knativeBalancer(
  from: Sources,
  view: OwnerView,
  revisions: ReadonlyMap<string, string>,
): LoadBalancer {
  const shares = new Map(
    Object.entries(view.shares ?? {}).flatMap(([name, share]) => {
      const uid = revisions.get(name);
      return uid === undefined ? [] : [[uid, share] as const];
    }),
  );
  return {
    account: from.account,
    region: view.namespace,
    name: view.name,
    application: view.said.application ?? view.name,
    url: view.url,
    targets: targetsOf(from, shares, []),
    sharedBy: 'weights',
    kind: view.kind,
  };
}

function targetsOf({ target }: Sources, shares: Shares, madeFor: readonly string[]): LoadBalancer['targets'] {
  const uids = new Set([...shares.keys(), ...madeFor]);
  const found = [...uids].flatMap((uid) => {
    const group = target(uid);
    return group ? [{ serverGroup: group.name, weight: Math.min(1, shares.get(uid) ?? 0) }] : [];
  });
  return found.toSorted((a, b) => (a.serverGroup < b.serverGroup ? -1 : 1));
}

function firstApplication({ target }: Sources, shares: Shares): string | null {
  for (const uid of shares.keys()) {
    const group = target(uid);
    if (group) return group.application;
  }
  return null;
}
