import {
  bigint,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { executions, stages } from '@/db/schema/engine';
import type { AnalysisOptions, AnalysisStatus, MetricMeasurement, ScopePair } from '@/server/domain/analysis';
import { type CanaryConfig, canaryConfigSchema, type Judgement } from '@/server/domain/canary';
import type { Message } from '@/server/domain/message';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * Rests as it was written, so that what came from Kayenta can go back unchanged; is read with what was left out
 * filled in.
 */
const canaryConfigDocument = customType<{ data: CanaryConfig; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (config) => JSON.stringify(config),
  fromDriver: (value) => canaryConfigSchema.parse(value),
});

/** Where measurements come from. */
export const metricsSources = pgTable('metrics_sources', {
  name: text('name').primaryKey(),
  /** Key of the registry of metrics sources. */
  kind: text('kind').notNull(),
  /** Without its secrets. */
  config: jsonb('config').$type<Record<string, unknown>>().notNull(),
  /** Fields named `…Secret`, sealed (server/secrets). */
  secrets: jsonb('secrets').$type<Record<string, string>>().notNull().default({}),
  updatedAt: moment('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
});

/** What a canary of an application is judged by. */
export const canaryConfigs = pgTable(
  'canary_configs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    application: text('application').notNull(),
    name: text('name').notNull(),
    /** Name of the metrics source that it asks; a stage may name another. */
    source: text('source')
      .notNull()
      .references(() => metricsSources.name),
    config: canaryConfigDocument('config').notNull(),
    revision: integer('revision').notNull().default(1),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [unique('canary_configs_name').on(t.application, t.name)],
);

/** One comparison of a canary with its baseline, with everything it was decided by. */
export const canaryAnalyses = pgTable(
  'canary_analyses',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    application: text('application').notNull(),
    environment: text('environment'),
    executionId: uuid('execution_id')
      .notNull()
      .references(() => executions.id, { onDelete: 'cascade' }),
    stageId: uuid('stage_id')
      .notNull()
      .references(() => stages.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'realTime' | 'retrospective'>().notNull(),
    configName: text('config_name').notNull(),
    configRevision: integer('config_revision').notNull(),
    source: text('source').notNull(),
    /** As it was when the analysis began. */
    config: jsonb('config').$type<CanaryConfig>().notNull(),
    options: jsonb('options').$type<AnalysisOptions>().notNull(),
    scopes: jsonb('scopes').$type<ScopePair>().notNull(),
    status: text('status').$type<AnalysisStatus>().notNull().default('running'),
    /** Of the latest look. */
    score: real('score'),
    classification: text('classification').$type<Judgement['classification']>(),
    sentence: jsonb('sentence').$type<Message>(),
    /** When it looks next; null when it does not. */
    nextLookAt: moment('next_look_at'),
    startedAt: moment('started_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('canary_analyses_stage').on(t.stageId),
    index('canary_analyses_application').on(t.application, t.startedAt.desc()),
    index('canary_analyses_execution').on(t.executionId),
  ],
);

/** The looks of an analysis. */
export const canaryLooks = pgTable(
  'canary_looks',
  {
    analysisId: uuid('analysis_id')
      .notNull()
      .references(() => canaryAnalyses.id, { onDelete: 'cascade' }),
    /** From 1. */
    number: integer('number').notNull(),
    startMs: bigint('start_ms', { mode: 'number' }).notNull(),
    endMs: bigint('end_ms', { mode: 'number' }).notNull(),
    stepMs: bigint('step_ms', { mode: 'number' }).notNull(),
    judgement: jsonb('judgement').$type<Judgement>().notNull(),
    /** Null where a later look's window holds the same points. */
    measurements: jsonb('measurements').$type<MetricMeasurement[]>(),
    judgedAt: moment('judged_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.analysisId, t.number] })],
);
