import type { ForeignObject, ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { LABELS } from '@/server/providers/kubernetes/words/labels';
import {
  controllerOf,
  type Meta,
  type OwnerView,
  ownerView,
  saidBy,
} from '@/server/providers/kubernetes/words/owners';
import { gatewaysOf, isUnanswered, routeTrouble } from '@/server/providers/kubernetes/words/route-status';

/** A Service, as far as it is a load balancer. */
export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  readonly ours: boolean;
  readonly application: string | null;
  /** The application whose pods it selects, by their labels. */
  readonly selected: string | null;
  readonly url: string | null;
  /** False for what only names pods, or only serves another object. */
  readonly shown: boolean;
}

/** An Ingress or an HTTPRoute: rules that lead to Services, each rule with shares of its own. */
export interface RouteView {
  readonly kind: 'Ingress' | 'HTTPRoute';
  readonly namespace: string;
  readonly name: string;
  readonly ours: boolean;
  readonly application: string | null;
  readonly url: string | null;
  readonly rules: readonly (readonly { readonly service: string; readonly weight: number }[])[];
  /** What it is attached to, as `namespace/name`. */
  readonly gateways: readonly string[];
  /** Why no requests come by it, as those say that it is attached to. */
  readonly trouble: string | null;
  /** Whether they are about to say whether they take its last change. */
  readonly unanswered: boolean;
}

/** The endpoints of a Service in one of its slices. */
export interface SliceView {
  readonly namespace: string;
  readonly name: string;
  readonly service: string;
  readonly endpoints: readonly { readonly uid: string; readonly ready: boolean; readonly serving: boolean }[];
}

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

export function serviceView(object: ObjectOf<'Service'>): ServiceView {
  const { metadata = {}, spec = {}, status } = object;
  const { namespace = '', name = '', labels = {} } = metadata;
  const selector = spec.selector ?? {};
  const balances =
    Object.keys(selector).length > 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName';
  return {
    namespace,
    name,
    ours: labels[LABELS.loadBalancer] === name,
    application: labels[LABELS.application] ?? saidBy(metadata).application,
    selected: saidBy({ labels: selector }).application,
    url: urlOf(namespace, name, spec.ports?.[0]?.port, status?.loadBalancer?.ingress?.[0]),
    // Those of a single server group, and those that another controller keeps, are parts of something else.
    shown: balances && labels[LABELS.serverGroup] === undefined && controllerOf(metadata) === null,
  };
}

function urlOf(
  namespace: string,
  name: string,
  port: number | undefined,
  outside: { ip?: string; hostname?: string } | undefined,
): string {
  const host = outside?.hostname ?? outside?.ip ?? `${name}.${namespace}.svc`;
  return `http://${host.includes(':') ? `[${host}]` : host}${port === undefined || port === 80 ? '' : `:${port}`}`;
}

export function sliceView({ metadata = {}, endpoints = [] }: ObjectOf<'EndpointSlice'>): SliceView {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    service: metadata.labels?.[SERVICE_NAME_LABEL] ?? '',
    endpoints: (endpoints ?? []).flatMap(({ targetRef, conditions }) => {
      if (!targetRef?.uid) return [];
      // Unknown means ready, and serving follows ready where it is not said. One that is leaving is not ready, but
      // while it serves, data planes without anything better still send it requests.
      const ready = conditions?.ready !== false;
      return [{ uid: targetRef.uid, ready, serving: conditions?.serving ?? ready }];
    }),
  };
}

export function httpRouteView(object: ObjectOf<'HTTPRoute'>): RouteView {
  const { metadata = {}, spec } = object;
  const { namespace = '', name = '', labels = {} } = metadata;
  const host = spec?.hostnames?.[0];
  return {
    kind: 'HTTPRoute',
    namespace,
    name,
    ours: labels[LABELS.loadBalancer] === name,
    application: labels[LABELS.application] ?? saidBy(metadata).application,
    url: host === undefined ? null : `http://${host}`,
    rules: (spec?.rules ?? []).map(({ backendRefs = [] }) =>
      backendRefs
        .filter((one) => (one.kind ?? 'Service') === 'Service' && (one.namespace ?? namespace) === namespace)
        .map((one) => ({ service: one.name, weight: one.weight ?? 1 })),
    ),
    gateways: gatewaysOf(object),
    trouble: routeTrouble(object),
    unanswered: isUnanswered(object),
  };
}

export function ingressView({ metadata = {}, spec }: ObjectOf<'Ingress'>): RouteView {
  const { namespace = '', name = '' } = metadata;
  const host = spec?.rules?.[0]?.host;
  const paths = (spec?.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
  const backends = [
    ...paths.map((path) => path.backend),
    ...(spec?.defaultBackend ? [spec.defaultBackend] : []),
  ];
  return {
    kind: 'Ingress',
    namespace,
    name,
    ours: false,
    application: saidBy(metadata).application,
    url: host === undefined ? null : `${spec?.tls?.length ? 'https' : 'http'}://${host}`,
    rules: backends.flatMap(({ service }) => (service ? [[{ service: service.name, weight: 1 }]] : [])),
    gateways: [],
    trouble: null,
    unanswered: false,
  };
}

/** A Knative Service owns revisions and shares requests out among them. */
export function knativeView(object: ObjectOf<'KnativeService'>): OwnerView {
  const { metadata = {}, status } = object as ForeignObject & { metadata?: Meta };
  const traffic = Array.isArray(status?.traffic) ? status.traffic : [];
  const shares: Record<string, number> = {};
  for (const { revisionName, percent } of traffic.filter(isTraffic))
    shares[revisionName] = Math.min(1, (shares[revisionName] ?? 0) + percent / 100);
  return {
    ...ownerView('Knative Service', metadata),
    shares,
    url: typeof status?.url === 'string' ? status.url : null,
  };
}

function isTraffic(value: unknown): value is { revisionName: string; percent: number } {
  if (value === null || typeof value !== 'object') return false;
  return (
    'revisionName' in value &&
    typeof value.revisionName === 'string' &&
    'percent' in value &&
    typeof value.percent === 'number'
  );
}
