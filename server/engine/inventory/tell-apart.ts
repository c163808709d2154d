import type { Inventory } from '@/server/domain/inventory';
import { type Item, itemKey, stable } from '@/server/engine/inventory/diff';

/**
 * The inventory with every name given once in a region, as the tables need it. Platforms may give one twice where
 * names are only labels: of those that differ, all but the first get a number; of those that do not, one stays.
 */
export function toldApart({ serverGroups, loadBalancers, firewalls }: Inventory): Inventory {
  return {
    serverGroups: apart(serverGroups, ({ managedBy }) => managedBy === undefined),
    loadBalancers: apart(loadBalancers),
    firewalls: apart(firewalls),
  };
}

/** @param comesFirst which of those with one name keep it; the platform's order when absent. */
function apart<T extends Item>(items: readonly T[], comesFirst: (item: T) => boolean = () => true): T[] {
  const taken = new Set(items.map(itemKey));
  if (taken.size === items.length) return [...items];
  const first = new Map<string, T>();
  for (const item of [...items.filter(comesFirst), ...items])
    if (!first.has(itemKey(item))) first.set(itemKey(item), item);
  const known = new Set<string | undefined>();
  return items.flatMap((item) => {
    const kept = first.get(itemKey(item));
    // What is alone with its name stays the same object: it is then known to be as before.
    if (kept === item) return [item];
    const [content, same] = [stable(item), stable(kept)];
    if (content === same || known.has(content)) return [];
    known.add(content);
    return [{ ...item, name: freeName(item, taken) }];
  });
}

/** Takes the name, too: it must not be that of something else in the region. */
function freeName({ region, name }: Item, taken: Set<string>): string {
  for (let number = 2; ; number++) {
    const free = `${name} (${number})`;
    const key = itemKey({ region, name: free });
    if (taken.has(key)) continue;
    taken.add(key);
    return free;
  }
}
