import type { KubernetesObject } from '@kubernetes/client-node';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';

/**
 * One cluster's API as the provider uses it: few verbs over all kinds, with what they throw being ProviderError.
 * Every call is under the account's request budget; 429 is honoured and tried again, reads are tried again when
 * the connection breaks, writes are not.
 */
export interface KubernetesApi {
  /** All objects, read in pages of one consistent snapshot. */
  list<K extends KindName>(kind: K, where?: Where, signal?: AbortSignal): Promise<Listed<K>>;
  /**
   * The same page by page, for what is too much to hold at once.
   * @throws WatchExpired when reading took so long that the snapshot is gone.
   */
  pages<K extends KindName>(kind: K, where?: Where, signal?: AbortSignal): AsyncIterable<Listed<K>>;
  /** Null when it is not there. */
  get<K extends KindName>(kind: K, ref: ObjectRef, signal?: AbortSignal): Promise<ObjectOf<K> | null>;
  /** @throws ProviderError `conflict` when the name is taken. */
  create<K extends KindName>(kind: K, body: Draft<K>, options?: WriteOptions): Promise<ObjectOf<K>>;
  /**
   * Server-side apply: only the fields of `body` are this manager's.
   * @throws ProviderError `conflict` naming the other manager, unless `force` is set.
   */
  apply<K extends KindName>(
    kind: K,
    body: Draft<K>,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ): Promise<ObjectOf<K>>;
  /**
   * JSON merge patch. With `metadata.resourceVersion` in it, it is refused with `conflict` when the object has
   * changed since. Null when the object is not there.
   */
  merge<K extends KindName>(
    kind: K,
    ref: ObjectRef,
    patch: object,
    options?: WriteOptions & { readonly subresource?: 'scale' | 'status' },
  ): Promise<ObjectOf<K> | null>;
  /** False when it was not there. */
  remove(kind: KindName, ref: ObjectRef, options?: RemoveOptions): Promise<boolean>;
  /** Asks for a pod's eviction; `refused` when a disruption budget forbids it now. */
  evict(ref: ObjectRef): Promise<'done' | 'missing' | 'refused'>;
  /** The last lines of a container's log; empty when it has none. */
  log(
    ref: ObjectRef,
    options: { readonly container?: string; readonly lines: number; readonly previous?: boolean },
    signal?: AbortSignal,
  ): Promise<string>;
  /**
   * Events after a version. Ends when the server ends it.
   * @throws ProviderError; `code` `expired` of WatchExpired when the version is too old (410).
   */
  watch<K extends KindName>(
    kind: K,
    where: Where & { readonly resourceVersion: string },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<K>>;
  /** Whether the cluster serves this kind; asked once and again after a while. */
  serves(kind: KindName, signal?: AbortSignal): Promise<boolean>;
  /** Whether these credentials may do it, as the cluster says. */
  mayI(verb: string, kind: KindName, namespace: string | null, subresource?: string): Promise<boolean>;
  /** Returns when the API server answers at all. @throws ProviderError `unavailable` when it does not. */
  ping(signal?: AbortSignal): Promise<void>;
  /** Of the API server, such as `v1.35.4`. */
  version(signal?: AbortSignal): Promise<string>;
  /** Tells this cluster from others: two contexts may lead to one. */
  clusterId(signal?: AbortSignal): Promise<string>;
}

export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
}

/** All namespaces when none is named. */
export interface Where {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface Listed<K extends KindName> {
  readonly items: ObjectOf<K>[];
  readonly resourceVersion: string;
}

export interface WriteOptions {
  readonly fieldManager?: string;
  /** Runs everything but the write. */
  readonly dryRun?: boolean;
}

export interface RemoveOptions {
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Only this very object: one of the same name that came later stays. */
  readonly uid?: string;
  readonly graceSeconds?: number;
}

export type WatchEvent<K extends KindName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ObjectOf<K> }
  /** Nothing up to this version is missing. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** The version to go on from is too old: everything must be listed again. */
export class WatchExpired extends Error {
  constructor() {
    super('the cluster no longer knows the version to watch from');
    this.name = 'WatchExpired';
  }
}

/** Every kind that is read or written, with where the API has it. */
export const KINDS = {
  ReplicaSet: { group: 'apps', version: 'v1', plural: 'replicasets' },
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments' },
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets' },
  DaemonSet: { group: 'apps', version: 'v1', plural: 'daemonsets' },
  Pod: { group: '', version: 'v1', plural: 'pods' },
  PodTemplate: { group: '', version: 'v1', plural: 'podtemplates' },
  Service: { group: '', version: 'v1', plural: 'services' },
  ConfigMap: { group: '', version: 'v1', plural: 'configmaps' },
  Namespace: { group: '', version: 'v1', plural: 'namespaces' },
  EndpointSlice: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' },
  Ingress: { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses' },
  NetworkPolicy: { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' },
  Gateway: { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'gateways' },
  HTTPRoute: { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes' },
  PodDisruptionBudget: { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' },
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
  Job: { group: 'batch', version: 'v1', plural: 'jobs' },
  Rollout: { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' },
  KnativeService: { group: 'serving.knative.dev', version: 'v1', plural: 'services', kind: 'Service' },
  KnativeRevision: { group: 'serving.knative.dev', version: 'v1', plural: 'revisions', kind: 'Revision' },
} as const satisfies Record<string, { group: string; version: string; plural: string; kind?: string }>;
export type KindName = keyof typeof KINDS;

/** What is sent: `apiVersion` and `kind` are added. */
export type Draft<K extends KindName> = Omit<Partial<ObjectOf<K>>, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: NonNullable<KubernetesObject['metadata']>;
};
