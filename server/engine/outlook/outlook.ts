import type { Database } from '@/db/client';
import type { Clock } from '@/server/domain/clock';
import { isAppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { ParameterValues, PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';

import { foreseenConfig } from '@/server/engine/outlook/foreseen-config';
import { CLEAR, lookAhead, type StepOutlook } from '@/server/engine/outlook/look-ahead';
import { inOrder } from '@/server/engine/outlook/order';
import { configProblem } from '@/server/engine/run-task';
import { stageTypes } from '@/server/engine/stages/registry';
import type {
  ChildStage,
  PlanResult,
  StageCatalogue,
  StageContext,
  StageType,
} from '@/server/engine/stages/stage';
import { type Provider, ProviderError } from '@/server/providers/provider';

/** What an outlook may reach: it reads, and changes nothing. */
export interface OutlookServices {
  readonly db: Database;
  readonly clock: Clock;
  readonly provider: (account: string) => Promise<Provider>;
}

/** The execution that is thought of. */
export interface ImaginedExecution {
  readonly application: string;
  readonly environment: string;
  readonly artifact: ArtifactRef;
  readonly parameters: ParameterValues;
  readonly startedBy: string;
}

/** With the pipeline that it would be of. */
export type NamedExecution = ImaginedExecution & { readonly pipeline: string };

/** What a stage would do if it started now. */
export interface StageOutlook {
  readonly stage: StageDefinition;
  /** In the order they come; none for a stage that is one step by itself. Null when it cannot be told, or is refused. */
  readonly steps: readonly OutlookStep[] | null;
  /** Why it would not do it, in the words of its own plan. */
  readonly refusal: Message | null;
  /** Why its steps cannot be told before it starts. */
  readonly later: Message | null;
}

export interface OutlookStep extends ChildStage, StepOutlook {}

const catalogue: StageCatalogue = stageTypes;

/** Of no execution: nothing is found that hangs on it. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * What a pipeline would do if it started now, by the same plans that its stages make when they start. Only the
 * first stage that works on a cluster can be told: what a later one finds is what the first one leaves.
 */
export async function outlookOf(
  services: OutlookServices,
  imagined: ImaginedExecution,
  { name: pipeline, stages }: PipelineDefinition,
  signal: AbortSignal,
): Promise<StageOutlook[]> {
  const execution = { ...imagined, pipeline };
  const outlooks: StageOutlook[] = [];
  const changed = new Map<string, string>();
  for (const stage of inOrder(stages)) {
    const foreseen = await foreseeStage(services, execution, stage, changed, signal);
    outlooks.push({ stage, steps: null, refusal: null, later: null, ...foreseen });
  }
  return outlooks;
}

/** @param changed by what a stage has to itself, the name of the first that works on it. */
async function foreseeStage(
  services: OutlookServices,
  execution: NamedExecution,
  stage: StageDefinition,
  changed: Map<string, string>,
  signal: AbortSignal,
): Promise<Partial<StageOutlook>> {
  const type = catalogue[stage.type];
  const resolved = foreseenConfig(stage, execution, services.clock.now(), type?.evaluates);
  if (resolved.status === 'skip') return { later: resolved.reason };
  if (!type?.plan) return { steps: [] };
  if (resolved.status === 'later') return { later: resolved.reason };
  const config = type.configSchema.safeParse(resolved.config);
  if (!config.success)
    return { refusal: message('engine.badConfig', { problem: configProblem(config.error) }) };
  const context = contextOf(services, execution, stage, config.data, signal);
  const slot = (await type.slot?.(context))?.key;
  const before = slot === undefined ? undefined : changed.get(slot);
  if (before !== undefined) return { later: message('outlook.afterStage', { stage: before }) };
  if (slot !== undefined) changed.set(slot, stage.name);
  return planned(type, context);
}

async function planned(type: StageType, context: StageContext): Promise<Partial<StageOutlook>> {
  try {
    const result: PlanResult | undefined = await type.plan?.(context);
    switch (result?.status) {
      case 'planned': {
        const ahead = await lookAhead(context, result.children);
        const steps = result.children.map((child) => ({ ...child, ...(ahead.get(child.key) ?? CLEAR) }));
        return { steps };
      }
      case 'errored':
      case 'failed':
      case 'stopped':
        return { refusal: result.error };
      case 'running':
        return { later: result.waiting.reason };
      case 'succeeded':
      case 'skipped':
        return { later: result.log?.[0] ?? message('outlook.nothing') };
      case undefined:
        return { steps: [] };
      default:
        return result satisfies never;
    }
  } catch (error) {
    return { refusal: silenceOf(error, context.signal) };
  }
}

/** @throws what is no answer of a platform. */
function silenceOf(error: unknown, signal: AbortSignal): Message {
  if (error instanceof ProviderError) {
    const key = error.retryable ? 'outlook.unreachable' : 'engine.platformRefused';
    return message(key, { reason: error.message });
  }
  if (isAppError(error)) return message('outlook.unreachable', { reason: error.message });
  if (signal.aborted) return message('outlook.silent');
  throw error;
}

function contextOf(
  { db, clock, provider }: OutlookServices,
  execution: NamedExecution,
  stage: StageDefinition,
  config: unknown,
  signal: AbortSignal,
): StageContext {
  return {
    execution: { id: NOBODY, ...execution },
    stage: {
      id: NOBODY,
      refId: stage.refId,
      name: stage.name,
      startedAt: clock.now(),
      pausedMs: 0,
      outputs: {},
      log: [],
    },
    config,
    fence: 0,
    signal,
    services: {
      db,
      clock,
      provider,
      // A plan calls nobody but the platform.
      outbound: { allow: [] },
      metricsSource: () => Promise.reject(new Error('a plan asks no metrics source')),
    },
  };
}
