import type { Transaction } from '@/db/client';
import type { pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Trigger } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { ParameterValue, ParameterValues, PipelineDefinition } from '@/server/domain/pipeline';
import { enqueueExecution } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { findExecution } from '@/server/services/executions/rows';

export interface Launch {
  readonly pipeline: Pick<typeof pipelines.$inferSelect, 'application' | 'name' | 'revision' | 'definition'>;
  readonly parameters?: ParameterValues;
  readonly environment: string | null;
  readonly artifact: ArtifactRef | null;
  readonly idempotencyKey?: string | undefined;
  readonly note: string;
}

/** Starts a pipeline that may be started: writes the execution and who asked for it. */
export async function launch(
  tx: Transaction,
  actor: Actor,
  request: Launch,
): Promise<{ executionId: string }> {
  const { pipeline, environment, artifact, note } = request;
  const started = await enqueueExecution(tx, {
    application: pipeline.application,
    pipeline: pipeline.name,
    pipelineRevision: pipeline.revision,
    definition: pipeline.definition,
    trigger: triggerOf(actor, note),
    parameters: withDefaults(pipeline.definition, request.parameters ?? {}),
    environment,
    artifact,
    // Keys of different people never meet: one must not learn of another's execution by guessing.
    idempotencyKey: request.idempotencyKey ? `${actor.userId ?? actor.name} ${request.idempotencyKey}` : null,
  });
  if (!started.created) {
    await requireSameRequest(tx, started.executionId, request);
    return { executionId: started.executionId };
  }
  await recordAudit(tx, actor, {
    action: 'execution.start',
    application: pipeline.application,
    subject: started.executionId,
    after: { pipeline: pipeline.name, environment, artifact, parameters: request.parameters ?? {} },
  });
  return { executionId: started.executionId };
}

/** How an execution came to be, in the words of the actor's door. */
export function triggerOf(actor: Actor, note: string): Trigger {
  const kind = actor.via === 'api' || actor.via === 'cli' ? actor.via : 'manual';
  return { kind, by: actor.name, userId: actor.userId, note };
}

/** @throws AppError `bad_request` for a missing, unknown or impossible parameter. */
function withDefaults(
  definition: PipelineDefinition,
  given: ParameterValues,
): Record<string, ParameterValue> {
  const known = new Map(definition.parameters.map((parameter) => [parameter.name, parameter]));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new AppError(
      'bad_request',
      `The pipeline has no parameter ${unknown.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  const values: Record<string, ParameterValue> = {};
  for (const { name, default: standard, required, options } of definition.parameters) {
    const value = given[name] ?? standard;
    if (value === undefined) {
      if (required) throw new AppError('bad_request', `The pipeline needs the parameter "${name}".`);
      continue;
    }
    if (options && !options.includes(value)) {
      throw new AppError('bad_request', `The parameter "${name}" must be one of: ${options.join(', ')}.`);
    }
    values[name] = value;
  }
  return values;
}

async function requireSameRequest(tx: Transaction, executionId: string, request: Launch): Promise<void> {
  const earlier = await findExecution(tx, executionId);
  const same =
    earlier.application === request.pipeline.application &&
    earlier.pipeline === request.pipeline.name &&
    earlier.environment === request.environment &&
    earlier.digest === (request.artifact?.digest ?? null);
  if (same) return;
  throw new AppError('conflict', 'This Idempotency-Key was used for another request. Use a new one.', {
    executionId,
  });
}
