import type { Firewall, Inventory, LoadBalancer, ServerGroup } from '@/server/domain/inventory';

/** Something that can be told apart by region and name. */
export interface Item {
  readonly region: string;
  readonly name: string;
  readonly application: string;
}

export interface Difference<T extends Item> {
  /** New, or different in anything that is stored. */
  readonly changed: readonly T[];
  readonly gone: readonly T[];
  /** Those of both kinds that people should hear of: more than a gauge moved. */
  readonly news: readonly T[];
}

export function itemKey(item: Pick<Item, 'region' | 'name'>): string {
  return `${item.region}/${item.name}`;
}

/** What has to be written so that `before` becomes `now`. The same object as before costs nothing. */
export function difference<T extends Item>(
  before: ReadonlyMap<string, T>,
  now: readonly T[],
  withoutGauges: (item: T) => unknown = (item) => item,
): Difference<T> {
  const seen = new Set(now.map(itemKey));
  const changed = now.filter((item) => {
    const old = before.get(itemKey(item));
    // A watch hands out the same objects where nothing changed: ten thousand of them need no look inside.
    return old !== item && stable(old) !== stable(item);
  });
  const gone = [...before.values()].filter((item) => !seen.has(itemKey(item)));
  const moved = changed.filter((item) => {
    const old = before.get(itemKey(item));
    return !old || stable(withoutGauges(old)) !== stable(withoutGauges(item));
  });
  return { changed, gone, news: [...moved, ...gone] };
}

/** Memory moves with every look and is no news. */
export function withoutMemory(group: ServerGroup): ServerGroup {
  return { ...group, instances: group.instances.map((instance) => ({ ...instance, memoryBytes: null })) };
}

export type Kept = {
  readonly serverGroups: ReadonlyMap<string, ServerGroup>;
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>;
  readonly firewalls: ReadonlyMap<string, Firewall>;
};

export function keyed({ serverGroups, loadBalancers, firewalls }: Inventory): Kept {
  return {
    serverGroups: byKey(serverGroups),
    loadBalancers: byKey(loadBalancers),
    firewalls: byKey(firewalls),
  };
}

function byKey<T extends Item>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [itemKey(item), item]));
}

/** JSON with sorted keys: what comes back from jsonb has another order than what went in. */
export function stable(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
