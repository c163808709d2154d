import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { TriggerDefinition } from '@/server/domain/pipeline';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * The triggers of all pipelines, one row each, kept in step with the pipelines' definitions. The row
 * adds what a definition cannot hold: when it fires next, what it saw last.
 */
export const triggers = pgTable(
  'triggers',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    application: text('application').notNull(),
    pipeline: text('pipeline').notNull(),
    /** `id` of the definition. */
    key: text('key').notNull(),
    type: text('type').notNull(),
    definition: jsonb('definition').$type<TriggerDefinition>().notNull(),
    enabled: boolean('enabled').notNull(),
    /** When a trigger that looks by itself (a clock, a poll) looks next. */
    nextAt: moment('next_at'),
    /** What it saw last, in its type's own words. */
    state: jsonb('state').$type<Record<string, unknown>>().notNull().default({}),
    firedAt: moment('fired_at'),
    /** Why its last look or start did not work; null when it did. */
    error: text('error'),
  },
  (t) => [
    unique('triggers_pipeline_key').on(t.application, t.pipeline, t.key),
    index('triggers_type').on(t.type),
    index('triggers_due').on(t.nextAt).where(sql`enabled and next_at is not null`),
  ],
);

/** A door for events from outside: POST /api/webhooks/{name}. */
export const webhookSources = pgTable('webhook_sources', {
  name: text('name').primaryKey(),
  /** Key of the registry of webhook formats: how a delivery is signed and read. */
  kind: text('kind').notNull(),
  /** Sealed (server/secrets); the newest first. Two are valid while a secret is being changed. */
  secrets: jsonb('secrets').$type<string[]>().notNull().default([]),
  createdAt: moment('created_at').notNull().defaultNow(),
  createdBy: text('created_by').notNull(),
});

/** Every delivery that was let in, once: its id makes a second one a duplicate. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    source: text('source')
      .notNull()
      .references(() => webhookSources.name, { onDelete: 'cascade' }),
    deliveryId: text('delivery_id').notNull(),
    event: text('event').notNull(),
    payload: jsonb('payload').$type<unknown>().notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
    /** Null until it was looked at. */
    handledAt: moment('handled_at'),
    /** Executions it started, or why it started none. */
    started: jsonb('started').$type<string[]>().notNull().default([]),
    outcome: text('outcome'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_once').on(t.source, t.deliveryId),
    index('webhook_deliveries_open').on(t.id).where(sql`handled_at is null`),
    index('webhook_deliveries_received').on(t.receivedAt),
  ],
);

/** Where news of executions are sent. */
export const notificationEndpoints = pgTable('notification_endpoints', {
  name: text('name').primaryKey(),
  url: text('url').notNull(),
  /** standard: Standard Webhooks; cdevents: CDEvents in structured CloudEvents, signed the same way. */
  format: text('format').notNull(),
  /** Sealed (server/secrets), the newest first; while two stand, both sign. */
  secrets: jsonb('secrets').$type<string[]>().notNull().default([]),
  disabled: boolean('disabled').notNull().default(false),
  /** Why it was disabled by itself (410 Gone, days of failures). */
  disabledReason: text('disabled_reason'),
  createdAt: moment('created_at').notNull().defaultNow(),
  createdBy: text('created_by').notNull(),
});

/** The outbox: one row per message and endpoint, from being owed to being delivered or given up. */
export const notifications = pgTable(
  'notifications',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    endpoint: text('endpoint')
      .notNull()
      .references(() => notificationEndpoints.name, { onDelete: 'cascade' }),
    /** What it is about; with the endpoint it makes the message once. */
    dedupe: text('dedupe').notNull(),
    type: text('type').notNull(),
    application: text('application'),
    executionId: uuid('execution_id'),
    body: jsonb('body').$type<Record<string, unknown>>().notNull(),
    status: text('status').$type<'owed' | 'delivered' | 'givenUp'>().notNull().default('owed'),
    attempts: integer('attempts').notNull().default(0),
    nextAt: moment('next_at').notNull().defaultNow(),
    /** HTTP status of the last answer, or null when there was none. */
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deliveredAt: moment('delivered_at'),
  },
  (t) => [
    unique('notifications_once').on(t.endpoint, t.dedupe),
    index('notifications_owed').on(t.nextAt).where(sql`status = 'owed'`),
    index('notifications_created').on(t.createdAt),
  ],
);

/** How far a background reader of the event log has come. */
export const eventCursors = pgTable('event_cursors', {
  name: text('name').primaryKey(),
  xid: text('xid').notNull(),
  seq: text('seq').notNull(),
});
