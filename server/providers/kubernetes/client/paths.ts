import { KINDS, type KindName, type Where } from '@/server/providers/kubernetes/client/api';

/** Where the API keeps the kinds of a group. */
export function groupPath(kind: KindName): string {
  const { group, version } = KINDS[kind];
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** All namespaces when none is named. */
export function collectionPath(kind: KindName, namespace?: string): string {
  const below = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(kind)}${below}/${KINDS[kind].plural}`;
}

export function objectPath(
  kind: KindName,
  ref: { readonly namespace: string; readonly name: string },
  subresource?: string,
): string {
  // The only kind here that is in no namespace.
  const collection = collectionPath(kind, kind === 'Namespace' ? undefined : ref.namespace);
  return `${collection}/${encodeURIComponent(ref.name)}${subresource ? `/${subresource}` : ''}`;
}

export function typeOf(kind: KindName): { readonly apiVersion: string; readonly kind: string } {
  const known: { group: string; version: string; kind?: string } = KINDS[kind];
  const { group, version } = known;
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind: known.kind ?? kind };
}

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** With its question mark; empty when nothing is asked for. */
export function query(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== false);
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

export function selection({ labelSelector, fieldSelector }: Where) {
  return { labelSelector, fieldSelector };
}
