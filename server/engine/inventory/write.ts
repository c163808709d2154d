import { and, eq, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { type NewEvent, recordEvents } from '@/db/events';
import { firewalls, loadBalancers, serverGroups } from '@/db/schema';
import { type Inventory, inventorySchema } from '@/server/domain/inventory';
import {
  type Difference,
  difference,
  type Item,
  type Kept,
  keyed,
  withoutMemory,
} from '@/server/engine/inventory/diff';

/** What the tables hold of an account. */
export async function readInventory(db: Database, account: string): Promise<Kept> {
  const [groups, balancers, walls] = await Promise.all([
    db.select({ data: serverGroups.data }).from(serverGroups).where(eq(serverGroups.account, account)),
    db.select({ data: loadBalancers.data }).from(loadBalancers).where(eq(loadBalancers.account, account)),
    db.select({ data: firewalls.data }).from(firewalls).where(eq(firewalls.account, account)),
  ]);
  const parsed = inventorySchema.safeParse({
    serverGroups: groups.map((row) => row.data),
    loadBalancers: balancers.map((row) => row.data),
    firewalls: walls.map((row) => row.data),
  });
  // Rows of an older shape are simply written again.
  return keyed(parsed.success ? parsed.data : { serverGroups: [], loadBalancers: [], firewalls: [] });
}

/**
 * Brings the tables from `before` to `now`: only rows that differ, and one event per cluster or load
 * balancer in which something happened, in one transaction.
 * @returns whether people hear of it.
 */
export async function writeInventory(
  db: Database,
  account: string,
  before: Kept,
  now: Inventory,
): Promise<boolean> {
  const groups = difference(before.serverGroups, now.serverGroups, withoutMemory);
  const balancers = difference(before.loadBalancers, now.loadBalancers);
  const walls = difference(before.firewalls, now.firewalls);
  const parts = [groups, balancers, walls];
  if (parts.every(({ changed, gone }) => changed.length + gone.length === 0)) return false;
  const events = newsOf(groups, balancers, walls);
  await db.transaction(async (tx) => {
    const rows = groups.changed.map((group) => ({
      ...row(account, group),
      cluster: group.cluster,
      data: group,
    }));
    for (const some of chunked(rows)) {
      await tx
        .insert(serverGroups)
        .values(some)
        .onConflictDoUpdate({
          target: [serverGroups.account, serverGroups.region, serverGroups.name],
          set: { ...fromExcluded, cluster: sql`excluded.cluster` },
        });
    }
    await upsert(tx, loadBalancers, account, balancers.changed);
    await upsert(tx, firewalls, account, walls.changed);
    await remove(tx, serverGroups, account, groups.gone);
    await remove(tx, loadBalancers, account, balancers.gone);
    await remove(tx, firewalls, account, walls.gone);
    await recordEvents(tx, events);
  });
  return events.length > 0;
}

const fromExcluded = {
  application: sql`excluded.application`,
  data: sql`excluded.data`,
  seenAt: sql`excluded.seen_at`,
};

type Table = typeof serverGroups | typeof loadBalancers | typeof firewalls;

function row(account: string, { region, name, application }: Item) {
  return { account, region, name, application };
}

async function upsert<T extends typeof loadBalancers | typeof firewalls>(
  tx: Transaction,
  table: T,
  account: string,
  items: readonly (Item & T['$inferSelect']['data'])[],
): Promise<void> {
  for (const some of chunked(items)) {
    const values = some.map((item) => ({ ...row(account, item), data: item }));
    await tx
      .insert<typeof loadBalancers | typeof firewalls>(table)
      .values(values)
      .onConflictDoUpdate({ target: [table.account, table.region, table.name], set: fromExcluded });
  }
}

async function remove(tx: Transaction, table: Table, account: string, items: readonly Item[]): Promise<void> {
  for (const some of chunked(items)) {
    const these = some.map(({ region, name }) => and(eq(table.region, region), eq(table.name, name)));
    await tx.delete(table).where(and(eq(table.account, account), or(...these)));
  }
}

/** One statement takes at most 65,535 values. */
const ROWS_AT_ONCE = 2_000;

function chunked<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS_AT_ONCE) }, (_, index) =>
    items.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  );
}

function newsOf(
  ...[groups, balancers, walls]: [Difference<Item & { cluster: string }>, Difference<Item>, Difference<Item>]
): NewEvent[] {
  const subjects = [
    ...groups.news.map(({ application, cluster }) => [application, cluster] as const),
    ...[...balancers.news, ...walls.news].map(({ application, name }) => [application, name] as const),
  ];
  const unique = new Map(subjects.map((subject) => [subject.join('/'), subject]));
  return [...unique.values()].map(([application, subject]) => ({ kind: 'inventory', application, subject }));
}
