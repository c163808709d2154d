import { index, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { Firewall, LoadBalancer, ServerGroup } from '@/server/domain/inventory';

/** What the platforms were last seen to hold: for screens, never for decisions. */
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const serverGroups = pgTable(
  'inventory_server_groups',
  {
    account: text('account').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    application: text('application').notNull(),
    cluster: text('cluster').notNull(),
    data: jsonb('data').$type<ServerGroup>().notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.region, t.name] }),
    index('inventory_server_groups_application').on(t.application, t.cluster),
  ],
);

export const loadBalancers = pgTable(
  'inventory_load_balancers',
  {
    account: text('account').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    application: text('application').notNull(),
    data: jsonb('data').$type<LoadBalancer>().notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.region, t.name] }),
    index('inventory_load_balancers_application').on(t.application),
  ],
);

export const firewalls = pgTable(
  'inventory_firewalls',
  {
    account: text('account').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    application: text('application').notNull(),
    data: jsonb('data').$type<Firewall>().notNull(),
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.account, t.region, t.name] }),
    index('inventory_firewalls_application').on(t.application),
  ],
);
