import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import type { Trigger } from '@/server/domain/execution';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type ParameterValues, parameterValueSchema } from '@/server/domain/pipeline';
import { findArtifact } from '@/server/services/artifacts/find';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { deployTargets, requireDeployable } from '@/server/services/deployments/admit';
import { launch } from '@/server/services/executions/launch';
import { needsArtifact } from '@/server/services/pipelines/artifact-need';
import { findPipeline } from '@/server/services/pipelines/find';

const artifactsSchema = z.array(z.object({ name: z.string(), version: z.string() }));

export const startExecutionInput = z.object({
  application: z.string(),
  pipeline: z.string(),
  parameters: z.record(z.string(), parameterValueSchema).default({}),
  artifacts: artifactsSchema.default([]),
  idempotencyKey: z.string().min(1).max(200).optional(),
});

/** Starts a pipeline. One that deploys needs the artifact it is to deploy, unless a stage of it finds one. */
export async function startExecution(
  ctx: ServiceContext,
  input: z.output<typeof startExecutionInput>,
): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'execution.start');
  return ctx.db.transaction((tx) => beginExecution(tx, actor, input));
}

/** What every start has in common, whoever or whatever asks for it. */
export interface Beginning {
  readonly application: string;
  readonly pipeline: string;
  readonly parameters: ParameterValues;
  readonly artifacts: z.output<typeof artifactsSchema>;
  /** Where it delivers to, when the pipeline's own deploy stages do not say so alone. */
  readonly environment?: string | null;
  readonly idempotencyKey?: string | undefined;
  readonly rerunOf?: string;
  /** How it came to be, when it was not the actor's own wish. */
  readonly trigger?: Trigger;
  readonly payload?: unknown;
}

/**
 * Starts a pipeline after the checks that hold for everyone: it exists and is enabled, its parameters fit,
 * its artifact is there in every form that it takes, not vetoed, and where it goes is not pinned to another.
 * @throws AppError with a sentence for each of these.
 */
export async function beginExecution(
  tx: Transaction,
  actor: Actor,
  request: Beginning,
): Promise<{ executionId: string }> {
  const pipeline = await findPipeline(tx, request.application, request.pipeline);
  const artifact = await findGivenArtifact(tx, request);
  if (needsArtifact(pipeline.definition) && !artifact) {
    throw new AppError(
      'bad_request',
      `The pipeline "${pipeline.name}" deploys: say which artifact and version.`,
    );
  }
  const targets = await deployTargets(tx, pipeline);
  if (artifact) await requireDeployable(tx, pipeline, artifact);
  const [target] = targets;
  const named = target && targets.length === 1 ? target.name : null;
  return launch(tx, actor, {
    pipeline,
    parameters: request.parameters,
    environment: named ?? request.environment ?? null,
    artifact,
    idempotencyKey: request.idempotencyKey,
    note: `run ${pipeline.name}${artifact ? ` with ${artifact.name} ${artifact.version}` : ''}`,
    ...(request.rerunOf ? { rerunOf: request.rerunOf } : {}),
    ...(request.trigger ? { trigger: request.trigger } : {}),
    ...(request.payload === undefined ? {} : { payload: request.payload }),
  });
}

async function findGivenArtifact(tx: Transaction, request: Beginning): Promise<ArtifactRef | null> {
  const [given, second] = request.artifacts;
  if (!given) return null;
  if (second) throw new AppError('bad_request', 'An execution delivers one artifact. Give one.');
  const { name, version, digest } = await findArtifact(tx, given.name, given.version);
  return { name, version, digest };
}
