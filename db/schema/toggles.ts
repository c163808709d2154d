import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Freeze, ToggleNotification } from '@/server/domain/toggle-environments';
import type {
  FlagMetadata,
  Targeting,
  ToggleDefinition,
  ToggleKind,
  Variants,
} from '@/server/domain/toggles';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Where toggles are switched apart from each other; usually called as the places that applications are deployed to. */
export const toggleEnvironments = pgTable('toggle_environments', {
  name: text('name').primaryKey(),
  order: integer('order').notNull().default(0),
  /** A change there is drafted, and applied when another person has approved it. */
  requiresReview: boolean('requires_review').notNull().default(false),
  /** Times in which only the kill switch works. */
  freezes: jsonb('freezes').$type<readonly Freeze[]>().notNull().default([]),
  /** Which endpoints are told what. */
  notifications: jsonb('notifications').$type<readonly ToggleNotification[]>().notNull().default([]),
});

/** What a toggle is called and what it can serve; how it stands is in `toggle_states`. */
export const toggles = pgTable(
  'toggles',
  {
    key: text('key').primaryKey(),
    /** Application that it belongs to; null for one that several share. */
    application: text('application'),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    kind: text('kind').$type<ToggleKind>().notNull(),
    tags: text('tags').array().notNull().default([]),
    owner: text('owner'),
    expiresAt: moment('expires_at'),
    onExpiry: text('on_expiry').$type<'report' | 'off'>().notNull().default('report'),
    variants: jsonb('variants').$type<Variants>().notNull(),
    metadata: jsonb('metadata').$type<FlagMetadata>().notNull().default({}),
    revision: integer('revision').notNull().default(1),
    /** No longer served anywhere, kept for its history. */
    archivedAt: moment('archived_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [index('toggles_application').on(t.application, t.key)],
);

/** How a toggle stands in one environment. */
export const toggleStates = pgTable(
  'toggle_states',
  {
    toggle: text('toggle')
      .notNull()
      .references(() => toggles.key, { onDelete: 'cascade' }),
    environment: text('environment')
      .notNull()
      .references(() => toggleEnvironments.name),
    definition: jsonb('definition').$type<ToggleDefinition>().notNull(),
    revision: integer('revision').notNull().default(1),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.toggle, t.environment] })],
);

/** Conditions with a name, used by rules of any toggle. */
export const toggleSegments = pgTable('toggle_segments', {
  key: text('key').primaryKey(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  condition: jsonb('condition').$type<Targeting>().notNull(),
  revision: integer('revision').notNull().default(1),
  updatedAt: moment('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
});

/** Every change of a toggle, what it was and what it became; undo is a change like any other. */
export const toggleChanges = pgTable(
  'toggle_changes',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    toggle: text('toggle').notNull(),
    /** Null for what is the same everywhere. */
    environment: text('environment'),
    before: jsonb('before').$type<unknown>(),
    after: jsonb('after').$type<unknown>(),
    reason: text('reason'),
    /** The change that this one takes back. */
    undoes: bigint('undoes', { mode: 'bigint' }),
    /** Stage of an execution that made it. */
    executionId: uuid('execution_id'),
    by: text('by').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [index('toggle_changes_toggle').on(t.toggle, t.id.desc())],
);

/** A change that waits for another person's approval. */
export const toggleChangeRequests = pgTable(
  'toggle_change_requests',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    toggle: text('toggle')
      .notNull()
      .references(() => toggles.key, { onDelete: 'cascade' }),
    environment: text('environment').notNull(),
    /** Revision of the state that it was drafted from; 0 where there was none. */
    baseRevision: integer('base_revision').notNull(),
    definition: jsonb('definition').$type<ToggleDefinition>().notNull(),
    reason: text('reason').notNull().default(''),
    status: text('status').$type<'open' | 'applied' | 'rejected' | 'withdrawn'>().notNull().default('open'),
    createdBy: text('created_by').notNull(),
    createdByUserId: uuid('created_by_user_id'),
    createdAt: moment('created_at').notNull().defaultNow(),
    decidedBy: text('decided_by'),
    decidedAt: moment('decided_at'),
    comment: text('comment'),
  },
  (t) => [
    uniqueIndex('toggle_change_requests_open').on(t.toggle, t.environment).where(sql`status = 'open'`),
    index('toggle_change_requests_created').on(t.createdAt.desc()),
  ],
);

/** By which applications ask. A key opens one environment and nothing else. */
export const toggleClientKeys = pgTable(
  'toggle_client_keys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    environment: text('environment')
      .notNull()
      .references(() => toggleEnvironments.name),
    /** web: stands in pages that anyone reads; it gets answers, never definitions. */
    kind: text('kind').$type<'server' | 'web'>().notNull(),
    /** Its first characters, to tell keys apart. */
    prefix: text('prefix').notNull(),
    /** SHA-256 of the whole. */
    hash: text('hash').notNull().unique(),
    createdAt: moment('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    lastUsedAt: moment('last_used_at'),
    revokedAt: moment('revoked_at'),
  },
  (t) => [index('toggle_client_keys_environment').on(t.environment)],
);

/** How often a variant was served, by hour. The empty variant is the default in the code. */
export const toggleCounts = pgTable(
  'toggle_counts',
  {
    toggle: text('toggle').notNull(),
    environment: text('environment').notNull(),
    variant: text('variant').notNull(),
    hour: moment('hour').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    lastAt: moment('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.toggle, t.environment, t.variant, t.hour] })],
);

/** What applications track, by hour, goal and the variant that the person had. */
export const toggleGoals = pgTable(
  'toggle_goals',
  {
    environment: text('environment').notNull(),
    goal: text('goal').notNull(),
    toggle: text('toggle').notNull(),
    variant: text('variant').notNull(),
    hour: moment('hour').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    /** Of the values that were sent. */
    sum: doublePrecision('sum').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.environment, t.goal, t.toggle, t.variant, t.hour] })],
);
