import type { Instance } from '@/server/local-cloud/instances/instance';

/** Who the requests of a server group are counted for. */
export interface GroupLabels {
  readonly server_group: string;
  readonly cluster: string;
  readonly application: string;
  readonly region: string;
  readonly version: string;
}

/** All that choosing needs to know of an instance. */
export interface Busy {
  readonly inFlight: number;
}

export interface Route<I extends Busy = Instance> {
  readonly labels: GroupLabels;
  /** Share of the requests, above 0. */
  readonly share: number;
  /** Healthy ones only, at least one. */
  readonly instances: readonly I[];
}

export interface Target<I extends Busy = Instance> {
  readonly labels: GroupLabels;
  readonly instance: I;
}

/**
 * Chooses the instance for each request: smooth weighted round robin over groups (as nginx does), then
 * the instance of the group with the fewest requests in flight, in turn among equals.
 */
export class Rotation<I extends Busy = Instance> {
  #routes: readonly Route<I>[] = [];
  #credit = new Map<string, number>();
  #turn = 0;

  /** Takes effect for the next request. Groups that stay keep their place in the round. */
  replace(routes: readonly Route<I>[]): void {
    this.#routes = routes;
    this.#credit = new Map(
      routes.map(({ labels }) => [labels.server_group, this.#credit.get(labels.server_group) ?? 0]),
    );
  }

  /** @param tried instances that this request has failed on; null when no other is left. */
  next(tried: ReadonlySet<I>): Target<I> | null {
    const open = tried.size === 0 ? this.#routes : this.#withoutTried(tried);
    const route = this.#nextRoute(open);
    if (route === null) return null;
    const instance = this.#leastBusy(route.instances);
    return instance === null ? null : { labels: route.labels, instance };
  }

  #withoutTried(tried: ReadonlySet<I>): Route<I>[] {
    return this.#routes
      .map((route) => ({ ...route, instances: route.instances.filter((instance) => !tried.has(instance)) }))
      .filter((route) => route.instances.length > 0);
  }

  #nextRoute(routes: readonly Route<I>[]): Route<I> | null {
    let total = 0;
    let best: Route<I> | null = null;
    let bestCredit = Number.NEGATIVE_INFINITY;
    for (const route of routes) {
      const credit = (this.#credit.get(route.labels.server_group) ?? 0) + route.share;
      this.#credit.set(route.labels.server_group, credit);
      total += route.share;
      if (credit > bestCredit) {
        best = route;
        bestCredit = credit;
      }
    }
    if (best !== null) this.#credit.set(best.labels.server_group, bestCredit - total);
    return best;
  }

  #leastBusy(instances: readonly I[]): I | null {
    const start = this.#turn++ % Math.max(1, instances.length);
    let best: I | null = null;
    for (let offset = 0; offset < instances.length; offset++) {
      const candidate = instances[(start + offset) % instances.length];
      if (candidate && (best === null || candidate.inFlight < best.inFlight)) best = candidate;
    }
    return best;
  }
}
