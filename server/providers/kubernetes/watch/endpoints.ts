import type { SliceView } from '@/server/providers/kubernetes/words/balancers';

/** `namespace/name` of a Service. */
export type ServiceKey = string;

/** What a Service's slices together say of a pod. */
interface Endpoint {
  readonly ready: boolean;
  /** Ready, or leaving and still able: data planes fall back to it. */
  readonly serving: boolean;
}

/** The endpoints of every Service, over all its slices; a pod that stands in two of them counts once. */
export class Endpoints {
  private readonly slices = new Map<ServiceKey, Map<string, SliceView>>();
  private readonly pods = new Map<ServiceKey, ReadonlyMap<string, Endpoint>>();
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

  of(key: ServiceKey): ReadonlyMap<string, Endpoint> {
    return this.pods.get(key) ?? NONE;
  }

  servicesWith(pod: string): Iterable<ServiceKey> {
    return this.servicesOf.get(pod) ?? [];
  }

  private recount(key: ServiceKey, slices: ReadonlyMap<string, SliceView>): string[] {
    const before = this.of(key);
    const now = new Map<string, Endpoint>();
    for (const slice of slices.values())
      for (const { uid, ready, serving } of slice.endpoints) {
        const other = now.get(uid);
        now.set(uid, {
          ready: ready || (other?.ready ?? false),
          serving: serving || (other?.serving ?? false),
        });
      }
    const changed: string[] = [];
    for (const [uid, { ready, serving }] of now) {
      const old = before.get(uid);
      if (old?.ready !== ready || old.serving !== serving) changed.push(uid);
      if (!old) this.join(uid, key);
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

const NONE: ReadonlyMap<string, Endpoint> = new Map();
