import type { KindName } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';

/** Every kind that the inventory is made from. Secrets are none of them. */
export const SEEN_KINDS = [
  'ReplicaSet',
  'Pod',
  'Service',
  'EndpointSlice',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Ingress',
  'NetworkPolicy',
  'Job',
  'HTTPRoute',
  'Rollout',
  'KnativeService',
  'KnativeRevision',
] as const satisfies readonly KindName[];
export type SeenKind = (typeof SEEN_KINDS)[number];

/** Without these nothing can be said of server groups and their traffic. */
const NEEDED: readonly SeenKind[] = ['ReplicaSet', 'Pod', 'Service', 'EndpointSlice'];
/** Of other projects: a cluster may not have them, or get them later. */
const OPTIONAL: readonly SeenKind[] = ['HTTPRoute', 'Rollout', 'KnativeService', 'KnativeRevision'];

export function isNeeded(kind: SeenKind): boolean {
  return NEEDED.includes(kind);
}

export function isOptional(kind: SeenKind): boolean {
  return OPTIONAL.includes(kind);
}

/** An object together with its kind, which lists leave out. */
export type Seen = { [K in SeenKind]: { readonly kind: K; readonly object: ObjectOf<K> } }[SeenKind];

export function seen<K extends SeenKind>(kind: K, object: ObjectOf<K>): Seen {
  // The one member of the union whose kind is K.
  return { kind, object } as unknown as Seen;
}
