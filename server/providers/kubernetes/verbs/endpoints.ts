import { WatchExpired } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { SERVICE_NAME_LABEL, sliceView } from '@/server/providers/kubernetes/words/balancers';
import { selectorOf } from '@/server/providers/kubernetes/words/labels';

type Slice = ObjectOf<'EndpointSlice'>;

/** Of one Service, over all its slices. Pods are told by uid. */
export interface Endpoints {
  /** Get requests now. */
  readonly ready: ReadonlySet<string>;
  /** May still get some: ready, or leaving and still able. */
  readonly serving: ReadonlySet<string>;
}

export interface ServiceRef {
  readonly namespace: string;
  readonly service: string;
}

export async function readEndpoints({ api }: Platform, of: ServiceRef): Promise<Endpoints> {
  const { items } = await api.list('EndpointSlice', where(of));
  return endpointsIn(items);
}

/**
 * Waits until a Service's endpoints are as wanted: what data planes are told, and so what gets requests.
 * @returns whether they came to be so in the given time.
 */
export async function awaitEndpoints(
  platform: Platform,
  of: ServiceRef,
  wanted: (endpoints: Endpoints) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const seen = await followSlices(platform, of, wanted, signal).catch((error: unknown) => {
      // Too old a version to follow from: everything is read again.
      if (error instanceof WatchExpired) return false;
      throw error;
    });
    if (seen) return true;
  }
  return false;
}

/** False when the cluster ended the watch first. */
async function followSlices(
  { api }: Platform,
  of: ServiceRef,
  wanted: (endpoints: Endpoints) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const { items, resourceVersion } = await api.list('EndpointSlice', where(of), signal);
  const slices = new Map(items.map((slice) => [slice.metadata?.name ?? '', slice]));
  if (wanted(endpointsIn(slices.values()))) return true;
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  try {
    for await (const event of api.watch('EndpointSlice', { ...where(of), resourceVersion }, either)) {
      if (event.type === 'BOOKMARK') continue;
      const name = event.object.metadata?.name ?? '';
      if (event.type === 'DELETED') slices.delete(name);
      else slices.set(name, event.object);
      if (wanted(endpointsIn(slices.values()))) return true;
    }
    return false;
  } finally {
    leaving.abort();
  }
}

function where({ namespace, service }: ServiceRef) {
  return { namespace, labelSelector: selectorOf({ [SERVICE_NAME_LABEL]: service }) };
}

/** A pod may stand in two slices for a moment. */
function endpointsIn(slices: Iterable<Slice>): Endpoints {
  const ready = new Set<string>();
  const serving = new Set<string>();
  for (const slice of slices) {
    for (const { uid, ...endpoint } of sliceView(slice).endpoints) {
      if (endpoint.ready) ready.add(uid);
      if (endpoint.serving) serving.add(uid);
    }
  }
  return { ready, serving };
}
