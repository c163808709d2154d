import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { triggers } from '@/db/schema';
import { requireShallow } from '@/server/automation/triggers/depth';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { Firing } from '@/server/automation/triggers/trigger';
import type { AutomationContext } from '@/server/automation/works';
import { AppError, isAppError } from '@/server/domain/errors';
import { holds } from '@/server/domain/patterns';
import { type ParameterValues, parameterValueSchema } from '@/server/domain/pipeline';
import { PERMISSIONS } from '@/server/domain/roles';
import { evaluateTemplate } from '@/server/expressions/evaluate';
import type { Actor } from '@/server/services/context';
import { beginExecution } from '@/server/services/executions/start';
import { keepingError, troubled } from '@/server/services/triggers/trouble';

export type TriggerRow = typeof triggers.$inferSelect;

/** More of an event is not kept with the execution. Bytes of JSON. */
const MAX_PAYLOAD = 256 * 1024;

/**
 * Starts a trigger's pipeline, through the same checks as when a person does. What is refused is put down
 * at the trigger, where people look for it; a later start does not hide that. The same firing again answers
 * the first execution.
 * @returns the execution, or null when its constraints do not let it or it was refused.
 */
export async function fire(
  context: AutomationContext,
  row: TriggerRow,
  firing: Firing,
): Promise<string | null> {
  const { constraints = [] } = row.definition;
  if (!holds(firing.payload, constraints)) return null;
  const { db } = context.database;
  try {
    const { executionId } = await db.transaction(async (tx) => {
      const started = await begin(tx, row, firing);
      await note(tx, row, {
        firedAt: sql`now()`,
        ...(firing.state ? { state: keepingError(firing.state) } : {}),
      });
      return started;
    });
    return executionId;
  } catch (error) {
    if (!isAppError(error)) throw error;
    await db.transaction((tx) => note(tx, row, troubled(error.message, context.clock.now())));
    return null;
  }
}

async function begin(tx: Transaction, row: TriggerRow, firing: Firing): Promise<{ executionId: string }> {
  if (firing.parentExecutionId) await requireShallow(tx, firing.parentExecutionId);
  const actor: Actor = {
    userId: null,
    name: `trigger ${row.pipeline}/${row.key}`,
    roles: ['admin'],
    permissions: new Set(PERMISSIONS),
    via: 'engine',
  };
  const payload = bounded(firing.payload);
  const scope = { trigger: { payload, note: firing.note, kind: row.type } };
  const named = artifactOf(row, firing, scope);
  return beginExecution(tx, actor, {
    application: row.application,
    pipeline: row.pipeline,
    parameters: parametersOf(row, scope),
    artifacts: named ? [named] : [],
    idempotencyKey: `${row.id} ${firing.dedupe}`,
    trigger: {
      kind: triggerTypes[row.type]?.startsAs ?? 'webhook',
      by: `trigger ${row.key}`,
      userId: null,
      note: firing.note,
      triggerId: row.key,
      ...(firing.parentExecutionId ? { parentExecutionId: firing.parentExecutionId } : {}),
    },
    payload,
  });
}

/** Expressions see the event as `trigger.payload`. */
function parametersOf(row: TriggerRow, scope: Readonly<Record<string, unknown>>): ParameterValues {
  const { value, problems } = evaluateTemplate(row.definition.parameters ?? {}, scope);
  const [problem] = problems;
  if (problem) throw problemOf(`parameters.${problem.path}`, problem.message);
  const values = Object.entries(value as Record<string, unknown>).map(([name, one]) => {
    const parsed = parameterValueSchema.safeParse(one);
    if (!parsed.success) throw problemOf(`parameters.${name}`, 'is neither text, number, true nor false');
    return [name, parsed.data] as const;
  });
  return Object.fromEntries(values);
}

/** What the trigger names wins over what the event brought. */
function artifactOf(row: TriggerRow, firing: Firing, scope: Readonly<Record<string, unknown>>) {
  const { artifact } = row.definition;
  if (!artifact) return firing.artifact;
  const { value, problems } = evaluateTemplate(artifact, scope);
  const [problem] = problems;
  if (problem) throw problemOf(`artifact.${problem.path}`, problem.message);
  // evaluateTemplate keeps the shape of what it is given.
  const { name, version } = value as { name: unknown; version: unknown };
  return { name: String(name), version: String(version) };
}

function bounded(payload: unknown): unknown {
  const size = JSON.stringify(payload ?? null).length;
  return size <= MAX_PAYLOAD ? payload : { truncated: true, bytes: size };
}

async function note(
  tx: Transaction,
  row: TriggerRow,
  changes: Partial<Record<'error' | 'firedAt' | 'state', unknown>>,
): Promise<void> {
  await tx
    .update(triggers)
    .set(changes as Partial<TriggerRow>)
    .where(eq(triggers.id, row.id));
  const { application, key } = row;
  await recordEvents(tx, [{ kind: 'trigger', application, subject: key }]);
}

function problemOf(where: string, text: string): Error {
  return new AppError('unprocessable', `${where}: ${text}`);
}
