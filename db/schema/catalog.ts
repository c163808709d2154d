import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Capacity } from '@/server/domain/inventory';
import type { PipelineDefinition } from '@/server/domain/pipeline';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Credentials on one platform. `config` names where secrets are found; it holds none. */
export const accounts = pgTable('accounts', {
  name: text('name').primaryKey(),
  provider: text('provider').notNull(),
  config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
  /** When the platform last answered with what it holds. */
  seenAt: moment('seen_at'),
  /** When a worker last wrote down that it follows the platform; it may be between two looks. */
  watchedAt: moment('watched_at'),
  /** Why it cannot be reached now; null when it can. */
  error: text('error'),
  createdAt: moment('created_at').notNull().defaultNow(),
});

export const applications = pgTable('applications', {
  name: text('name').primaryKey(),
  description: text('description').notNull().default(''),
  owner: text('owner').notNull().default(''),
  createdAt: moment('created_at').notNull().defaultNow(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});

export const environments = pgTable(
  'environments',
  {
    application: text('application')
      .notNull()
      .references(() => applications.name, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    order: integer('order').notNull().default(0),
    account: text('account')
      .notNull()
      .references(() => accounts.name),
    regions: text('regions').array().notNull(),
    /** `app-stack`, derived once when the environment is written. */
    cluster: text('cluster').notNull(),
    capacity: jsonb('capacity').$type<Capacity>().notNull(),
    config: jsonb('config').$type<Record<string, string>>().notNull().default({}),
    artifact: text('artifact').notNull(),
    pipeline: text('pipeline').notNull(),
    guarded: boolean('guarded').notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.application, t.name] }),
    index('environments_cluster').on(t.account, t.cluster),
  ],
);

export const artifacts = pgTable(
  'artifacts',
  {
    name: text('name').notNull(),
    version: text('version').notNull(),
    digest: text('digest').notNull(),
    /** Where it came from: commit, build url, notes. Shown as given. */
    metadata: jsonb('metadata').$type<Record<string, string>>().notNull().default({}),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.name, t.version] }), index('artifacts_digest').on(t.digest)],
);

/** An artifact nobody may deploy. Lifting keeps the row. */
export const vetoes = pgTable(
  'vetoes',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    digest: text('digest').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: moment('at').notNull().defaultNow(),
    liftedAt: moment('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (t) => [index('vetoes_digest').on(t.digest)],
);

/** Holds a cluster at a version: deploys of anything else are refused while it stands. */
export const pins = pgTable(
  'pins',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    application: text('application').notNull(),
    account: text('account').notNull(),
    cluster: text('cluster').notNull(),
    digest: text('digest').notNull(),
    version: text('version').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: moment('at').notNull().defaultNow(),
    expiresAt: moment('expires_at'),
    liftedAt: moment('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (t) => [index('pins_cluster').on(t.account, t.cluster)],
);

export const pipelines = pgTable(
  'pipelines',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    application: text('application')
      .notNull()
      .references(() => applications.name, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    definition: jsonb('definition').$type<PipelineDefinition>().notNull(),
    /** Raised by each change; executions say which they ran. */
    revision: integer('revision').notNull().default(1),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [unique('pipelines_application_name').on(t.application, t.name)],
);

/** Every revision of a pipeline as it was saved, the one in force included. */
export const pipelineRevisions = pgTable(
  'pipeline_revisions',
  {
    pipelineId: uuid('pipeline_id')
      .notNull()
      .references(() => pipelines.id, { onDelete: 'cascade' }),
    revision: integer('revision').notNull(),
    definition: jsonb('definition').$type<PipelineDefinition>().notNull(),
    at: moment('at').notNull().defaultNow(),
    by: text('by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.pipelineId, t.revision] })],
);
