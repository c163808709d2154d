import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
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
import type { EventKind } from '@/server/domain/events';
import type { StageLogEntry, Trigger, Waiting } from '@/server/domain/execution';
import type { Message } from '@/server/domain/message';
import type { FailurePolicy, ParameterValue, PipelineDefinition, TimeWindow } from '@/server/domain/pipeline';
import type { Status } from '@/server/domain/status';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

export const executions = pgTable(
  'executions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    application: text('application').notNull(),
    pipeline: text('pipeline').notNull(),
    pipelineRevision: integer('pipeline_revision').notNull().default(1),
    /** The pipeline as it was when it started. */
    definition: jsonb('definition').$type<PipelineDefinition>().notNull(),
    status: text('status').$type<Status>().notNull().default('pending'),
    trigger: jsonb('trigger').$type<Trigger>().notNull(),
    parameters: jsonb('parameters').$type<Record<string, ParameterValue>>().notNull().default({}),
    /** What the outside sent with the event that started it; seen by expressions as `trigger.payload`. */
    payload: jsonb('payload').$type<unknown>(),
    /** Why it has not started yet, while it is pending. */
    waiting: jsonb('waiting').$type<Waiting>(),
    /** Environment it delivers to, where it is about one. */
    environment: text('environment'),
    artifact: text('artifact'),
    version: text('version'),
    digest: text('digest'),
    /** Caller's key: a second start with the same one answers the first execution. */
    idempotencyKey: text('idempotency_key').unique(),
    cancelRequestedBy: text('cancel_requested_by'),
    cancelReason: text('cancel_reason'),
    /** Stage of another execution that waits for this one. */
    parentStageId: uuid('parent_stage_id'),
    rerunOf: uuid('rerun_of'),
    /** Since when it is held; null when it is not. */
    pausedAt: moment('paused_at'),
    /** Top-level stages that are not complete yet. */
    openStages: integer('open_stages').notNull(),
    error: jsonb('error').$type<Message>(),
    createdAt: moment('created_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    index('executions_application_created').on(t.application, t.createdAt.desc()),
    index('executions_created').on(t.createdAt.desc(), t.id),
    index('executions_ended').on(t.endedAt),
    index('executions_open').on(t.createdAt).where(sql`ended_at is null`),
    index('executions_pipeline_open').on(t.application, t.pipeline, t.createdAt).where(sql`ended_at is null`),
    index('executions_parent_stage').on(t.parentStageId).where(sql`parent_stage_id is not null`),
    index('executions_environment').on(t.application, t.environment, t.createdAt.desc()),
  ],
);

export const stages = pgTable(
  'stages',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    executionId: uuid('execution_id')
      .notNull()
      .references(() => executions.id, { onDelete: 'cascade' }),
    refId: text('ref_id').notNull(),
    parentId: uuid('parent_id'),
    type: text('type').notNull(),
    name: jsonb('name').$type<Message>().notNull(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    status: text('status').$type<Status>().notNull().default('pending'),
    /** refIds it waits for; kept for the graph. The engine uses stage_edges and `openUpstream`. */
    requires: text('requires').array().notNull().default([]),
    openUpstream: integer('open_upstream').notNull().default(0),
    openChildren: integer('open_children').notNull().default(0),
    /** Null until planned; then the index of the task at hand. */
    taskIndex: integer('task_index'),
    /** Lease counter over all jobs of the stage; the fence given to platforms. */
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
    /** Consecutive errors of the task at hand, for back-off. */
    attempts: integer('attempts').notNull().default(0),
    waiting: jsonb('waiting').$type<Waiting>(),
    outputs: jsonb('outputs').$type<Record<string, unknown>>().notNull().default({}),
    log: jsonb('log').$type<StageLogEntry[]>().notNull().default([]),
    error: jsonb('error').$type<Message>(),
    /** What it has to itself until it ends, e.g. a cluster: no two stages hold the same. */
    slot: text('slot'),
    position: integer('position').notNull().default(0),
    onFailure: text('on_failure').$type<FailurePolicy>().notNull().default('haltPipeline'),
    /** Expression; skipped when not true. */
    runWhen: text('run_when'),
    timeoutSeconds: integer('timeout_seconds'),
    window: jsonb('window').$type<TimeWindow>(),
    /** Who let it start although its window is closed. */
    windowOverriddenBy: text('window_overridden_by'),
    /** Who asked to skip it, or to end its wait. */
    skipRequestedBy: text('skip_requested_by'),
    /** Time that does not count: held by a person, or outside its window. */
    pausedMs: bigint('paused_ms', { mode: 'number' }).notNull().default(0),
    /** Rises when a person restarts from here or from before; earlier tries keep their rows. */
    try: integer('try').notNull().default(1),
    /** Of an earlier try: history, not part of the graph any more. */
    superseded: boolean('superseded').notNull().default(false),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('stages_execution_ref').on(t.executionId, t.refId).where(sql`not superseded`),
    index('stages_execution_try').on(t.executionId, t.refId, t.try),
    // Partial, or top-level stages of one execution would be looked for among those of all.
    index('stages_parent').on(t.parentId).where(sql`parent_id is not null`),
    // Who holds a slot is looked up among all stages, ended ones that still clean up included.
    index('stages_slot_holders').on(t.slot).where(sql`slot is not null`),
    uniqueIndex('stages_slot').on(t.slot).where(sql`slot is not null and ended_at is null`),
    index('stages_open_gates')
      .on(t.startedAt)
      .where(sql`status = 'running' and (type = 'manualJudgment' or waiting->>'kind' = 'person')`),
  ],
);

export const stageEdges = pgTable(
  'stage_edges',
  {
    fromId: uuid('from_id')
      .notNull()
      .references(() => stages.id, { onDelete: 'cascade' }),
    toId: uuid('to_id')
      .notNull()
      .references(() => stages.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.fromId, t.toId] }), index('stage_edges_to').on(t.toId)],
);

/** One row per gate; its presence is the decision, its key makes a second one a conflict. */
export const judgments = pgTable('judgments', {
  stageId: uuid('stage_id')
    .primaryKey()
    .references(() => stages.id, { onDelete: 'cascade' }),
  decision: text('decision').$type<'continue' | 'stop'>().notNull(),
  input: text('input'),
  comment: text('comment'),
  by: text('by').notNull(),
  byUserId: uuid('by_user_id'),
  at: moment('at').notNull().defaultNow(),
  /** The evidence card as it stood at the decision. */
  evidence: jsonb('evidence').notNull(),
});

/**
 * The lease queue. `run_at` in the future is the lease or the delay; `attempts` is the fence.
 * A job is done by deleting it in the transaction that holds its effect.
 */
export const jobs = pgTable(
  'jobs',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    kind: text('kind').notNull(),
    executionId: uuid('execution_id'),
    stageId: uuid('stage_id'),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull().default({}),
    /** At most one open job per key; enqueueing it again only brings it forward. */
    key: text('key').unique(),
    runAt: moment('run_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    /** Handler failures in a row, for back-off and for giving up. */
    failures: integer('failures').notNull().default(0),
    lastError: text('last_error'),
    /** Platform notice that brings it forward; null when only time or people do. */
    wakeOn: text('wake_on'),
    /** Worker that holds the lease; null when nobody does. */
    claimedBy: text('claimed_by'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('jobs_due').on(t.runAt),
    index('jobs_stage').on(t.stageId),
    index('jobs_execution').on(t.executionId),
    index('jobs_wake').on(t.wakeOn).where(sql`wake_on is not null`),
  ],
);

/**
 * The event log. `seq` is handed out before commit, so readers go in the order of (`xid`, `seq`) and
 * take only rows whose `xid` is older than every running transaction: nothing can appear behind them.
 */
export const events = pgTable(
  'events',
  {
    seq: bigserial('seq', { mode: 'bigint' }).primaryKey(),
    xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    kind: text('kind').$type<EventKind>().notNull(),
    application: text('application'),
    executionId: uuid('execution_id'),
    subject: text('subject'),
    status: text('status'),
  },
  (t) => [index('events_at').on(t.at), index('events_order').on(t.xid, t.seq)],
);

export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  version: text('version').notNull(),
  startedAt: moment('started_at').notNull().defaultNow(),
  seenAt: moment('seen_at').notNull().defaultNow(),
});
