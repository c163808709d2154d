import type { V1EndpointSlice } from '@kubernetes/client-node';
import type { HTTPRoute, RouteBackend } from '@/server/providers/kubernetes/client/objects';

/** Where a request goes: the uid of a pod, or why it goes nowhere. */
export type Choice = { readonly pod: string } | { readonly refused: string };

/**
 * What proxies and gateways make of EndpointSlices and HTTPRoutes, as strict as their specifications: a backend
 * without endpoints answers its share of a route with an error. Shares are kept exactly over few requests.
 */
export class Routing {
  readonly slices = new Map<string, V1EndpointSlice>();
  readonly routes = new Map<string, HTTPRoute>();
  private readonly turns = new Map<string, number>();
  private readonly credits = new Map<string, Map<string, number>>();

  /** By host: that of a Service, `<name>.<namespace>.svc`, or of a route. */
  choose(host: string): Choice {
    const route = [...this.routes.values()].find((one) => one.spec?.hostnames?.includes(host));
    if (route) return this.byRoute(route);
    const service = /^([^.]+)\.[^.]+\.svc(\..*)?$/.exec(host)?.[1];
    return service === undefined ? { refused: `no route has the host ${host}` } : this.byService(service);
  }

  private byRoute(route: HTTPRoute): Choice {
    const name = route.metadata?.name ?? '';
    const backends = (route.spec?.rules?.[0]?.backendRefs ?? []).filter((one) => weightOf(one) > 0);
    const total = backends.reduce((sum, backend) => sum + weightOf(backend), 0);
    const credits = this.credits.get(name) ?? new Map<string, number>();
    this.credits.set(name, credits);
    let chosen: RouteBackend | null = null;
    for (const backend of backends) {
      credits.set(backend.name, (credits.get(backend.name) ?? 0) + weightOf(backend));
      if (!chosen || (credits.get(backend.name) ?? 0) > (credits.get(chosen.name) ?? 0)) chosen = backend;
    }
    if (!chosen) return { refused: `route ${name} has no backend with a weight` };
    credits.set(chosen.name, (credits.get(chosen.name) ?? 0) - total);
    return this.byService(chosen.name);
  }

  private byService(service: string): Choice {
    const pods = endpointsOf([...this.slices.values()], service);
    const turn = this.turns.get(service) ?? 0;
    this.turns.set(service, turn + 1);
    const pod = pods[turn % pods.length];
    return pod === undefined ? { refused: `service ${service} has no endpoint` } : { pod };
  }
}

/** The specification's default is 1. */
function weightOf(backend: RouteBackend): number {
  return backend.weight ?? 1;
}

/** Those that are ready; when none is, those that end and still serve. */
function endpointsOf(slices: readonly V1EndpointSlice[], service: string): string[] {
  const endpoints = slices
    .filter((slice) => slice.metadata?.labels?.['kubernetes.io/service-name'] === service)
    .flatMap((slice) => slice.endpoints ?? []);
  const uids = (wanted: typeof endpoints) => [
    ...new Set(wanted.flatMap((endpoint) => endpoint.targetRef?.uid ?? [])),
  ];
  // Absent means ready, as the API says.
  const ready = endpoints.filter((endpoint) => endpoint.conditions?.ready !== false);
  if (ready.length > 0) return uids(ready);
  return uids(endpoints.filter(({ conditions }) => conditions?.serving && conditions.terminating));
}
