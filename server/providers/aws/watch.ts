import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterRef, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import { healthyIn, unitsOf } from '@/server/domain/units';
import { asSweep } from '@/server/providers/aws/client/clients';
import { type GroupRef, type InventoryNotice, ProviderError } from '@/server/providers/provider';

type Place = Omit<ClusterRef, 'account'>;

/** One cluster as it is, with the load balancers that its groups stand behind. */
export type ClusterView = Pick<Inventory, 'serverGroups' | 'loadBalancers'>;

/** An account whose service pushes nothing. */
export interface Swept {
  readonly account: string;
  readonly sweepSeconds: number;
  describe(signal: AbortSignal): Promise<Inventory>;
  /** What is in one cluster now, and what shares requests out to it. */
  look(ref: ClusterRef, signal: AbortSignal): Promise<ClusterView>;
  /** When the service last answered anything, on the clock of `performance.now`. */
  answeredAt?(): number;
  /** Brings about what nobody else does once groups are healthy. Balancers are null where only groups were looked at. */
  settle?(groups: readonly ServerGroup[], balancers: readonly LoadBalancer[] | null): Promise<void>;
}

/** A cluster that changes is looked at so often, without waiting for the next sweep. */
const FOLLOW_MS = 2_000;
/** So long after we changed it, at least: AWS takes its time to begin. */
const FOLLOW_FOR_MS = 15_000;

/** What does not settle by then is left to the sweeps. */
const PATIENCE_MS = 10 * 60_000;

/** Nothing wakes a timer that is longer than this. Source: Node's timers. */
const LONGEST_REST_MS = 2 ** 31 - 1;
/** A service that has not answered for so long beyond the time between sweeps does not. */
const SILENT_MS = 15_000;

const EVERYTHING: InventoryNotice = { region: null, application: null, cluster: null };

/**
 * AWS pushes nothing, so everything is swept over now and then, and clusters that we changed or that are not settled
 * are followed closely.
 */
export class AccountWatch {
  private held: Inventory | null = null;
  private heldAt: Date | null = null;
  private readonly rung = new Map<string, { readonly place: Place; readonly until: number }>();
  private wake = new AbortController();
  /** Clusters and load balancers that were looked at since the last sweep. */
  private readonly lookedAt = new Map<string, number>();
  private readonly balancersLookedAt = new Map<string, number>();

  constructor(private readonly swept: Swept) {}

  /** Null also while nobody answers: what is held may be nothing like what is there. */
  observed(): Inventory | null {
    const now = performance.now();
    const silentMs = now - (this.swept.answeredAt?.() ?? now);
    return silentMs > this.swept.sweepSeconds * 1_000 + SILENT_MS ? null : this.held;
  }

  /** The end of the last sweep, or of the last look at a cluster. */
  seenAt(): Date | null {
    return this.heldAt;
  }

  /** Follows the group that the work changes, also when only a part of it came about. */
  async changing<T>(group: GroupRef, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      const { region } = group;
      const parsed = parseServerGroupName(group.name);
      if (parsed) this.ring({ region, application: parsed.application, cluster: parsed.cluster });
    }
  }

  /** We have changed something there. */
  private ring(place: Place): void {
    this.rung.set(keyOf(place), { place, until: performance.now() + FOLLOW_FOR_MS });
    this.wake.abort();
  }

  async *watch(signal: AbortSignal): AsyncIterable<InventoryNotice> {
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    try {
      this.hold(await this.sweep(both));
      yield EVERYTHING;
      for (;;) {
        const sweepAt = performance.now() + this.swept.sweepSeconds * 1_000;
        while (performance.now() < sweepAt) yield* this.follow(remaining(sweepAt), both);
        yield* this.followWhile(this.sweepAgain(both), both);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ending.abort();
      this.held = null;
      this.heldAt = null;
    }
  }

  /**
   * Looks at a cluster now, because somebody asks. Whoever watches hears of what has changed.
   * @throws ProviderError `unavailable` while nobody watches.
   */
  async look(place: Place, signal: AbortSignal): Promise<void> {
    if (this.held === null)
      throw new ProviderError('unavailable', `${this.swept.account} has not been looked at yet. Try again.`);
    if (await this.refresh(place, signal)) this.ring(place);
  }

  private sweep(signal: AbortSignal): Promise<Inventory> {
    return asSweep(signal, async () => {
      const seen = await this.swept.describe(signal);
      await this.swept.settle?.(seen.serverGroups, seen.loadBalancers);
      return seen;
    });
  }

  /** @returns where something is different; what was looked at during the sweep is newer than it. */
  private async sweepAgain(signal: AbortSignal): Promise<InventoryNotice[]> {
    const startedAt = performance.now();
    const seen = await this.sweep(signal);
    const before = this.held;
    const isNewer = (group: ServerGroup) => (this.lookedAt.get(keyOf(group)) ?? 0) > startedAt;
    const newer = before?.serverGroups.filter(isNewer) ?? [];
    const serverGroups = [...seen.serverGroups.filter((group) => !isNewer(group)), ...newer];
    const isNewerBalancer = (one: LoadBalancer) =>
      (this.balancersLookedAt.get(itemKey(one)) ?? 0) > startedAt;
    const loadBalancers = replaced(seen.loadBalancers, before?.loadBalancers.filter(isNewerBalancer) ?? []);
    const held = keptIn(before, { ...seen, serverGroups, loadBalancers });
    this.hold(held);
    this.lookedAt.clear();
    this.balancersLookedAt.clear();
    // Which of the two is newer cannot be told for each group, so that where they differ is looked at again.
    for (const place of changedPlaces(held, keptIn(held, seen))) if (isPlace(place)) this.ring(place);
    return changedPlaces(before, held);
  }

  /** A sweep of a large account takes a minute: what changes is followed meanwhile. */
  private async *followWhile(
    sweep: Promise<InventoryNotice[]>,
    signal: AbortSignal,
  ): AsyncIterable<InventoryNotice> {
    let isOver = false;
    const over = sweep.finally(() => {
      isOver = true;
      this.wake.abort();
    });
    // Its failure is met below; until then it must not count as unhandled.
    over.catch(() => undefined);
    while (!isOver) yield* this.follow(Infinity, signal);
    for (const place of await over) {
      if (isPlace(place)) this.ring(place);
      yield place;
    }
  }

  /** Rests until there is something to do, and looks at what is followed. */
  private async *follow(atMostMs: number, signal: AbortSignal): AsyncIterable<InventoryNotice> {
    await this.rest(Math.min(this.following().length > 0 ? FOLLOW_MS : LONGEST_REST_MS, atMostMs), signal);
    for (const place of this.following()) if (await this.refresh(place, signal)) yield place;
  }

  /** @returns whether something is different there. */
  private async refresh(place: Place, signal: AbortSignal): Promise<boolean> {
    const startedAt = performance.now();
    const seen = await this.swept.look({ account: this.swept.account, ...place }, signal);
    const { serverGroups: groups } = seen;
    const before = this.held ?? { serverGroups: [], loadBalancers: [], firewalls: [] };
    const found = new Set(groups.map(({ name }) => name));
    // Of what others made, some is only seen by sweeps.
    const others = before.serverGroups.filter(
      (group) => !isIn(group, place) || (group.managedBy && !found.has(group.name)),
    );
    const loadBalancers = balancersAfter(before.loadBalancers, place, seen);
    const after = keptIn(before, { ...before, serverGroups: [...others, ...groups], loadBalancers });
    this.hold(after);
    this.lookedAt.set(keyOf(place), startedAt);
    for (const one of seen.loadBalancers) this.balancersLookedAt.set(itemKey(one), startedAt);
    await this.swept.settle?.(groups, null);
    const noted = this.rung.get(keyOf(place));
    const over = noted === undefined ? 0 : performance.now() - noted.until;
    if (over > PATIENCE_MS || (over > 0 && groups.every(isSettled))) this.rung.delete(keyOf(place));
    return changedPlaces(before, after).length > 0;
  }

  private hold(seen: Inventory): void {
    this.held = seen;
    this.heldAt = new Date();
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
  return {
    ...after,
    serverGroups: kept(before?.serverGroups, after.serverGroups),
    loadBalancers: kept(before?.loadBalancers, after.loadBalancers),
  };
}

function kept<T extends Pick<LoadBalancer, 'region' | 'name'>>(
  before: readonly T[] = [],
  after: readonly T[],
): T[] {
  const known = new Map(before.map((one) => [itemKey(one), one]));
  return after.map((one) => {
    const old = known.get(itemKey(one));
    return old && JSON.stringify(old) === JSON.stringify(one) ? old : one;
  });
}

/** A look at a cluster says nothing of the groups of others behind its load balancers: these stay as they were. */
function balancersAfter(
  before: readonly LoadBalancer[],
  place: Place,
  { serverGroups, loadBalancers }: ClusterView,
): LoadBalancer[] {
  const found = new Set(serverGroups.map(({ name }) => name));
  const known = new Map(before.map((one) => [itemKey(one), one]));
  const isElsewhere = ({ serverGroup }: { readonly serverGroup: string }) => {
    const parsed = parseServerGroupName(serverGroup);
    return parsed !== null && parsed.cluster !== place.cluster;
  };
  const seen = loadBalancers.map((one) => {
    const here = new Set(one.targets.map(({ serverGroup }) => serverGroup));
    const others = known.get(itemKey(one))?.targets ?? [];
    const kept = others.filter((target) => isElsewhere(target) && !here.has(target.serverGroup));
    return kept.length === 0 ? one : { ...one, targets: [...kept, ...one.targets] };
  });
  const isGone = ({ serverGroup }: { readonly serverGroup: string }) =>
    !found.has(serverGroup) && parseServerGroupName(serverGroup)?.cluster === place.cluster;
  const rest = before.map((one) =>
    one.region === place.region && one.targets.some(isGone)
      ? { ...one, targets: one.targets.filter((target) => !isGone(target)) }
      : one,
  );
  return replaced(rest, seen);
}

/** In the order that they had, so that only what changed is different. */
function replaced(all: readonly LoadBalancer[], some: readonly LoadBalancer[]): LoadBalancer[] {
  const given = new Map(some.map((one) => [itemKey(one), one]));
  const known = new Set(all.map(itemKey));
  return [
    ...all.map((one) => given.get(itemKey(one)) ?? one),
    ...some.filter((one) => !known.has(itemKey(one))),
  ];
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

function itemKey({ region, name }: Pick<LoadBalancer, 'region' | 'name'>): string {
  return `${region}/${name}`;
}

function keyOf({ region, cluster }: Pick<Place, 'region' | 'cluster'>): string {
  return `${region}/${cluster}`;
}
