import type { SliceView } from '@/server/providers/kubernetes/words/balancers';

/** `namespace/name` of a Service. */
export type ServiceKey = string;

/** The endpoints of every Service, over all its slices; a pod that stands in two of them counts once. */
export class Endpoints {
  private readonly slices = new Map<ServiceKey, Map<string, SliceView>>();
  private readonly pods = new Map<ServiceKey, ReadonlyMap<string, boolean>>();
  private readonly servicesOf = new Map<string, Set<ServiceKey>>();

  /** @returns the pods of which it says something else now. */
  put(slice: SliceView): string[] {
    const key = `${slice.namespace}/${slice.service}`;
    const known = this.slices.get(key) ?? new Map<string, SliceView>();
    this.slices.set(key, known.set(slice.name, slice));
    return this.recount(key, known);
  }

  remove({ namespace, service, name }: SliceView): string[] {
    const key = `${namespace}/${service}`;
    const known = this.slices.get(key);
    if (!known?.delete(name)) return [];
    const changed = this.recount(key, known);
    if (known.size === 0) {
      this.slices.delete(key);
      this.pods.delete(key);
    }
    return changed;
  }

  /** Whether the cluster has begun to keep endpoints for the Service: it makes a slice even for none. */
  has(key: ServiceKey): boolean {
    return this.slices.has(key);
  }

  /** The pods behind the Service, and whether each gets requests. */
  of(key: ServiceKey): ReadonlyMap<string, boolean> {
    return this.pods.get(key) ?? NONE;
  }

  servicesWith(pod: string): Iterable<ServiceKey> {
    return this.servicesOf.get(pod) ?? [];
  }

  private recount(key: ServiceKey, slices: ReadonlyMap<string, SliceView>): string[] {
    const before = this.of(key);
    const now = new Map<string, boolean>();
    for (const slice of slices.values())
      for (const { uid, ready } of slice.endpoints) now.set(uid, ready || (now.get(uid) ?? false));
    const changed: string[] = [];
    for (const [uid, ready] of now) {
      const old = before.get(uid);
      if (old !== ready) changed.push(uid);
      if (old === undefined) this.join(uid, key);
    }
    for (const uid of before.keys()) {
      if (now.has(uid)) continue;
      changed.push(uid);
      this.leave(uid, key);
    }
    this.pods.set(key, now);
    return changed;
  }

  private join(pod: string, key: ServiceKey): void {
    const services = this.servicesOf.get(pod) ?? new Set();
    this.servicesOf.set(pod, services.add(key));
  }

  private leave(pod: string, key: ServiceKey): void {
    const services = this.servicesOf.get(pod);
    services?.delete(key);
    if (services?.size === 0) this.servicesOf.delete(pod);
  }
}

const NONE: ReadonlyMap<string, boolean> = new Map();
