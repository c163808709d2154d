import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions, judgments, stages } from '@/db/schema';
import type { Moment } from '@/server/automation/notifications/format';
import { artifactOf, environmentOf, ranBefore, type StageRow } from '@/server/automation/notifications/place';
import type { SignalEvent } from '@/server/domain/events';
import { asksPerson } from '@/server/domain/gate';
import type { Message } from '@/server/domain/message';
import type { NotificationEvent, NotificationRule } from '@/server/domain/pipeline';
import { type Status, statusSchema } from '@/server/domain/status';
import { renderEnglish } from '@/server/services/shared/render-english';

/** Moments of one event, and the rules of its pipeline that may want them. */
export interface Told {
  readonly moments: readonly Moment[];
  readonly rules: readonly NotificationRule[];
}

type ExecutionRow = typeof executions.$inferSelect;

const KINDS: ReadonlySet<string> = new Set(['execution', 'stage', 'judgment']);

/** What a piece of the event log says about executions whose pipelines tell of themselves, in its order. */
export async function momentsOf(
  tx: Transaction,
  events: readonly SignalEvent[],
  url: string,
): Promise<readonly Told[]> {
  const about = events.filter((event) => KINDS.has(event.kind) && event.executionId !== null);
  const ids = [...new Set(about.flatMap(({ executionId }) => executionId ?? []))];
  if (ids.length === 0) return [];
  const rows = await tx
    .select()
    .from(executions)
    .where(
      and(
        inArray(executions.id, ids),
        sql`jsonb_array_length(coalesce(${executions.definition} -> 'notifications', '[]'::jsonb)) > 0`,
      ),
    );
  const telling = new Map(rows.map((row) => [row.id, row]));
  const told: Told[] = [];
  for (const event of about) {
    const execution = telling.get(event.executionId ?? '');
    if (!execution) continue;
    const rules = execution.definition.notifications ?? [];
    const wanted = new Set(rules.flatMap((rule) => rule.events));
    told.push({ moments: await momentsOfEvent(tx, event, execution, wanted, url), rules });
  }
  return told;
}

/** @param wanted others are not looked into. */
async function momentsOfEvent(
  tx: Transaction,
  event: SignalEvent,
  execution: ExecutionRow,
  wanted: ReadonlySet<NotificationEvent>,
  url: string,
): Promise<Moment[]> {
  const stage = event.kind === 'execution' ? null : await readStage(tx, execution.id, event.subject ?? '');
  const names = stage
    ? stageEvents(event, stage)
    : event.kind === 'execution'
      ? executionEvents(event.status)
      : [];
  const moments: Moment[] = [];
  for (const name of names) {
    if (!wanted.has(name)) continue;
    const environment = stage ? await environmentOf(tx, execution, stage) : execution.environment;
    moments.push({
      event: name,
      at: event.at,
      key: stage ? `${name} ${stage.id}` : `${name} ${execution.id} ${roundOf(name, event, execution)}`,
      execution: executionFacts(execution, event),
      environment,
      artifact: await artifactOf(tx, name, execution, stage, environment),
      url: `${url}/executions/${execution.id}${stage ? `?stage=${encodeURIComponent(stage.refId)}` : ''}`,
      stage: stage && stageFacts(stage, event),
      judgment: stage && name === 'judgment.decided' ? await judgmentOf(tx, stage.id) : null,
      replaces: stage !== null && ranBefore(stage),
    });
  }
  return moments;
}

/**
 * An execution that is restarted starts and ends again, and says so again. One that was held says that it
 * runs when it goes on, too; it has started only once.
 */
function roundOf(name: NotificationEvent, event: SignalEvent, { startedAt }: ExecutionRow): string {
  return name === 'execution.started' ? (startedAt?.toISOString() ?? '') : event.seq;
}

function executionEvents(status: string | null): NotificationEvent[] {
  switch (status) {
    case 'pending':
      return ['execution.queued'];
    case 'running':
      return ['execution.started'];
    case 'succeeded':
      return ['execution.succeeded'];
    case 'failed':
    case 'errored':
      return ['execution.failed'];
    case 'stopped':
      return ['execution.stopped'];
    case 'canceled':
      return ['execution.canceled'];
    default:
      return [];
  }
}

/**
 * Told of stages that people wrote, not of those that a strategy made; except gates, at which somebody
 * waits wherever they are.
 */
function stageEvents({ kind, status }: SignalEvent, stage: StageRow): NotificationEvent[] {
  if (kind === 'judgment') return ['judgment.decided'];
  const gate: NotificationEvent[] =
    status === 'running' && asksPerson({ ...stage, status }) ? ['judgment.waiting'] : [];
  if (stage.parentId !== null) return gate;
  switch (status) {
    case 'running':
      return ['stage.started', ...gate];
    case 'succeeded':
      return ['stage.succeeded', ...serviceEvents(stage)];
    case 'failed':
    case 'errored':
      // It may be told to fail once the earlier group is back, so that the pipeline is no success.
      return stage.error?.key === 'engine.rollback.thenFailed'
        ? ['stage.failed', ...serviceEvents(stage)]
        : ['stage.failed'];
    default:
      return gate;
  }
}

/** What the end of a stage means for the service in its environment. */
function serviceEvents({ type }: StageRow): NotificationEvent[] {
  switch (type) {
    case 'deploy':
      return ['service.deployed'];
    case 'rollbackCluster':
      return ['service.rolledback'];
    case 'destroyServerGroups':
      return ['service.removed'];
    default:
      return [];
  }
}

/** The row may have moved on since; the event says how it was. */
function statusOf(event: SignalEvent, now: Status): Status {
  return statusSchema.safeParse(event.status).data ?? now;
}

function executionFacts(row: ExecutionRow, event: SignalEvent): Moment['execution'] {
  const { id, application, pipeline, trigger, error } = row;
  return {
    id,
    application,
    pipeline,
    status: event.kind === 'execution' ? statusOf(event, row.status) : row.status,
    startedAs: trigger.kind,
    startedBy: trigger.by,
    error: inEnglish(error),
  };
}

function stageFacts(stage: StageRow, event: SignalEvent): Moment['stage'] {
  const { refId, name, type, error } = stage;
  return {
    refId,
    name: inEnglish(name) ?? refId,
    type,
    status: event.kind === 'stage' ? statusOf(event, stage.status) : stage.status,
    error: inEnglish(error),
  };
}

function inEnglish(text: Message | null): string | null {
  return text === null ? null : renderEnglish(text);
}

async function readStage(tx: Transaction, executionId: string, refId: string): Promise<StageRow | null> {
  const [row] = await tx
    .select()
    .from(stages)
    .where(and(eq(stages.executionId, executionId), eq(stages.refId, refId), eq(stages.superseded, false)));
  return row ?? null;
}

async function judgmentOf(tx: Transaction, stageId: string): Promise<Moment['judgment']> {
  const [row] = await tx.select().from(judgments).where(eq(judgments.stageId, stageId));
  return row ? { decision: row.decision, by: row.by, comment: row.comment, input: row.input } : null;
}
