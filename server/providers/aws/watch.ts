import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterRef, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { healthyIn, unitsOf } from '@/server/domain/units';
import { asSweep } from '@/server/providers/aws/client/clients';
import type { InventoryNotice } from '@/server/providers/provider';

type Place = Omit<ClusterRef, 'account'>;

/** An account whose service pushes nothing. */
export interface Swept {
  readonly account: string;
  readonly sweepSeconds: number;
  describe(signal: AbortSignal): Promise<Inventory>;
  describeCluster(ref: ClusterRef, signal: AbortSignal): Promise<ServerGroup[]>;
  /** Brings about what nobody else does once groups are healthy. Balancers are null where only groups were looked at. */
  settle?(groups: readonly ServerGroup[], balancers: readonly LoadBalancer[] | null): Promise<void>;
}

/** A cluster that changes is looked at so often, without waiting for the next sweep. */
const FOLLOW_MS = 2_000;
/** So long after we changed it, at least: AWS takes its time to begin. */
const FOLLOW_FOR_MS = 15_000;

/** What does not settle by then is left to the sweeps. */
const PATIENCE_MS = 10 * 60_000;

const EVERYTHING: InventoryNotice = { region: null, application: null, cluster: null };

/**
 * AWS pushes nothing, so everything is swept over now and then, and clusters that we changed or that are not settled
 * are followed closely.
 */
export class AccountWatch {
  private held: Inventory | null = null;
  private readonly rung = new Map<string, { readonly place: Place; readonly until: number }>();
  private wake = new AbortController();

  constructor(private readonly swept: Swept) {}

  observed(): Inventory | null {
    return this.held;
  }

  /** We have changed something there. */
  ring(place: Place): void {
    this.rung.set(keyOf(place), { place, until: performance.now() + FOLLOW_FOR_MS });
    this.wake.abort();
  }

  async *watch(signal: AbortSignal): AsyncIterable<InventoryNotice> {
    try {
      this.held = await this.sweep(signal);
      yield EVERYTHING;
      for (;;) {
        const sweepAt = performance.now() + this.swept.sweepSeconds * 1_000;
        while (performance.now() < sweepAt) {
          await this.rest(
            Math.min(this.following().length > 0 ? FOLLOW_MS : Infinity, remaining(sweepAt)),
            signal,
          );
          for (const place of this.following()) if (await this.refresh(place, signal)) yield place;
        }
        const before = this.held;
        this.held = keptIn(before, await this.sweep(signal));
        for (const place of changedPlaces(before, this.held)) {
          if (isPlace(place)) this.ring(place);
          yield place;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.held = null;
    }
  }

  private sweep(signal: AbortSignal): Promise<Inventory> {
    return asSweep(signal, async () => {
      const seen = await this.swept.describe(signal);
      await this.swept.settle?.(seen.serverGroups, seen.loadBalancers);
      return seen;
    });
  }

  /** @returns whether something is different there. */
  private async refresh(place: Place, signal: AbortSignal): Promise<boolean> {
    const before = this.held ?? { serverGroups: [], loadBalancers: [], firewalls: [] };
    const groups = await this.swept.describeCluster({ account: this.swept.account, ...place }, signal);
    // What others made is only seen by sweeps.
    const others = before.serverGroups.filter((group) => group.managedBy || !isIn(group, place));
    const after = keptIn(before, { ...before, serverGroups: [...others, ...groups] });
    this.held = after;
    await this.swept.settle?.(groups, null);
    const noted = this.rung.get(keyOf(place));
    const over = noted === undefined ? 0 : performance.now() - noted.until;
    if (over > PATIENCE_MS || (over > 0 && groups.every(isSettled))) this.rung.delete(keyOf(place));
    return changedPlaces(before, after).length > 0;
  }

  private following(): Place[] {
    return [...this.rung.values()].map(({ place }) => place);
  }

  private async rest(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      await pause(ms, undefined, { signal: AbortSignal.any([signal, this.wake.signal]) });
    } catch {
      signal.throwIfAborted();
    }
    this.wake = new AbortController();
  }
}

function remaining(until: number): number {
  return Math.max(0, until - performance.now());
}

function isSettled(group: ServerGroup): boolean {
  const healthy = healthyIn(group);
  return healthy === unitsOf(group).length && healthy >= group.capacity.desired;
}

/** What did not change stays the same object, so that readers see at once that it did not. */
function keptIn(before: Inventory | null, after: Inventory): Inventory {
  const known = new Map(before?.serverGroups.map((group) => [`${group.region}/${group.name}`, group]));
  const serverGroups = after.serverGroups.map((group) => {
    const old = known.get(`${group.region}/${group.name}`);
    return old && JSON.stringify(old) === JSON.stringify(group) ? old : group;
  });
  return { ...after, serverGroups };
}

/** Clusters with a group that is new, gone or another; everything when a load balancer or a firewall is. */
function changedPlaces(before: Inventory | null, after: Inventory): InventoryNotice[] {
  const around = ({ loadBalancers, firewalls }: Inventory) => JSON.stringify([loadBalancers, firewalls]);
  const [was, is] = [new Set(before?.serverGroups), new Set(after.serverGroups)];
  const changed = [...was].filter((one) => !is.has(one)).concat([...is].filter((one) => !was.has(one)));
  const places = new Map(
    changed.map(({ region, application, cluster }) => {
      const place = { region, application, cluster };
      return [keyOf(place), place] as const;
    }),
  );
  const isAroundOther = before !== null && around(before) !== around(after);
  return [...places.values(), ...(isAroundOther ? [EVERYTHING] : [])];
}

function isIn(group: ServerGroup, { region, cluster }: Place): boolean {
  return group.region === region && group.cluster === cluster;
}

function isPlace(notice: InventoryNotice): notice is Place {
  return notice.region !== null && notice.application !== null && notice.cluster !== null;
}

function keyOf({ region, cluster }: Place): string {
  return `${region}/${cluster}`;
}
