import type { Transaction } from '@/db/client';
import type { pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Trigger } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import { parseParameters } from '@/server/domain/parameters';
import type { ParameterValues, PipelineDefinition } from '@/server/domain/pipeline';
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
  readonly rerunOf?: string;
  /** How it came to be, when it was not the actor's own wish. */
  readonly trigger?: Trigger;
  readonly payload?: unknown;
}

/** Starts a pipeline that may be started: writes the execution and who asked for it. */
export async function launch(
  tx: Transaction,
  actor: Actor,
  request: Launch,
): Promise<{ executionId: string }> {
  const { pipeline, environment, artifact, note, rerunOf } = request;
  const parameters = startableWith(pipeline, request.parameters ?? {});
  const started = await enqueueExecution(tx, {
    application: pipeline.application,
    pipeline: pipeline.name,
    pipelineRevision: pipeline.revision,
    definition: pipeline.definition,
    trigger: request.trigger ?? { ...triggerOf(actor, note), ...(rerunOf ? rerun(rerunOf) : {}) },
    rerunOf: rerunOf ?? null,
    payload: request.payload,
    parameters,
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

function rerun(parentExecutionId: string) {
  return { kind: 'rerun' as const, parentExecutionId };
}

/**
 * The values with which a pipeline would start.
 * @throws AppError `conflict` when it was taken out of use, `bad_request` for parameters that do not fit.
 */
export function startableWith(pipeline: Launch['pipeline'], given: ParameterValues): ParameterValues {
  requireEnabled(pipeline);
  return checked(pipeline.definition, given);
}

/** @throws AppError `bad_request` for a missing, unknown or impossible parameter. */
function checked({ parameters }: PipelineDefinition, given: ParameterValues): ParameterValues {
  const { values, problems } = parseParameters(parameters, given);
  if (values) return values;
  throw new AppError('bad_request', problems.join(' '), { problems });
}

/** @throws AppError `conflict` when the pipeline was taken out of use. */
function requireEnabled({ name, definition }: Launch['pipeline']): void {
  if (definition.disabled)
    throw new AppError('conflict', `The pipeline "${name}" is disabled. Enable it in its definition first.`);
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
