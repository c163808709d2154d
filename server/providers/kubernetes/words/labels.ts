/** The names under which Signalbox keeps what it must find again on objects of a cluster. */

/** Queryable. `cluster` and `serverGroup` are the whole selector of a ReplicaSet of ours. */
export const LABELS = {
  application: 'signalbox.io/application',
  cluster: 'signalbox.io/cluster',
  serverGroup: 'signalbox.io/server-group',
  /** On the Services and routes that are a load balancer, with its name. */
  loadBalancer: 'signalbox.io/load-balancer',
  /** On NetworkPolicies of ours, with the firewall's name. */
  firewall: 'signalbox.io/firewall',
  /** On Jobs of ours, with the job's name. */
  job: 'signalbox.io/job',
} as const;

/** The labels that Kubernetes recommends, as far as they are set or read. */
export const APP_LABELS = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  version: 'app.kubernetes.io/version',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

/** Value of `APP_LABELS.managedBy`. */
export const MANAGED_BY = 'signalbox';

export const ANNOTATIONS = {
  artifactName: 'signalbox.io/artifact-name',
  artifactVersion: 'signalbox.io/artifact-version',
  artifactDigest: 'signalbox.io/artifact-digest',
  /** JSON: the names of configuration values, never the values. */
  configKeys: 'signalbox.io/config-keys',
  capacityMin: 'signalbox.io/capacity-min',
  capacityMax: 'signalbox.io/capacity-max',
  /** JSON: the names of the load balancers that the group was created for. */
  loadBalancers: 'signalbox.io/load-balancers',
  /** `true` or `false`: whether traffic is wanted. What flows is read from EndpointSlices. */
  enabled: 'signalbox.io/enabled',
  /** JSON: the operations that have acted on the object. */
  operations: 'signalbox.io/operations',
  /** JSON on a load balancer: the weights by server group that a person or a strategy asked for. */
  weights: 'signalbox.io/weights',
  /** JSON on a NetworkPolicy: the rules as they were asked for, where the object cannot say them all. */
  rules: 'signalbox.io/rules',
  /** On a ReplicaSet: when it was asked for, ISO with milliseconds; the API keeps whole seconds. */
  createdAt: 'signalbox.io/created-at',
  /** On an autoscaler: its own minimum, while a higher one stands in for it. */
  minReplicas: 'signalbox.io/min-replicas',
  /** `true` on a Job that was cancelled. */
  canceled: 'signalbox.io/canceled',
  /** `true` on a Job that stands only for the refusal of its start. */
  tombstone: 'signalbox.io/tombstone',
} as const;

/** What is written by whom, so that roles do not own each other's fields. */
export const FIELD_MANAGERS = {
  deploy: 'signalbox-deploy',
  traffic: 'signalbox-traffic',
  firewall: 'signalbox-firewall',
  jobs: 'signalbox-jobs',
} as const;

const TRAFFIC_PREFIX = 'lb.signalbox.io/';
/** Value of a traffic label that lets requests in. */
export const TRAFFIC_ON = 'true';

/** Carried by pods that the load balancer may send requests to, and by no selector of a ReplicaSet. */
export function trafficLabel(loadBalancer: string): string {
  return `${TRAFFIC_PREFIX}${loadBalancer}`;
}

/** The load balancers that these labels let requests in from, in order of name. */
export function trafficLabelsOf(labels: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(labels ?? {})
    .filter(([key, value]) => key.startsWith(TRAFFIC_PREFIX) && value === TRAFFIC_ON)
    .map(([key]) => key.slice(TRAFFIC_PREFIX.length))
    .toSorted();
}

/** `key=value,…` for list and watch. */
export function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** A JSON list of names in an annotation; empty when it is not there or is not one. */
export function namesIn(annotation: string | undefined): string[] {
  const value = jsonIn(annotation);
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

/** JSON in an annotation, which people may have edited: null when it cannot be read. */
export function jsonIn(annotation: string | undefined): unknown {
  if (annotation === undefined) return null;
  try {
    return JSON.parse(annotation);
  } catch {
    return null;
  }
}

/** How a workload is called whose name another kind has, too. */
export function qualifiedName({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${name}.${kind.toLowerCase()}`;
}
