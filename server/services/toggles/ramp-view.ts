import { z } from 'zod';
import type { Waiting } from '@/server/domain/execution';
import type { Status } from '@/server/domain/status';
import { isComplete } from '@/server/domain/status';
import type { RampView } from '@/server/domain/views/toggles';

/** A stage of a ramp that has not ended, in their order. */
export interface RampStage {
  readonly executionId: string;
  readonly by: string;
  readonly isStopping: boolean;
  readonly type: string;
  readonly status: Status;
  readonly config: unknown;
  readonly startedAt: Date | null;
  readonly waiting: Waiting | null;
}

const stepSchema = z.object({
  toggle: z.string(),
  toggleEnvironment: z.string(),
  variant: z.string(),
  percent: z.number(),
});
const comparisonSchema = z.object({ config: z.string(), lifetimeSeconds: z.number() });

export interface RampPlace {
  readonly toggle: string;
  readonly environment: string;
  readonly ramp: RampView;
}

/** Where a ramp stands, told from its stages; null when none of them sets a share. */
export function rampView(stages: readonly RampStage[]): RampPlace | null {
  const steps = stages.flatMap((stage) => {
    const config = stage.type === 'toggle' ? stepSchema.safeParse(stage.config).data : undefined;
    return config ? [{ ...config, isDone: isComplete(stage.status) }] : [];
  });
  const [first] = stages;
  const [aim] = steps;
  if (!first || !aim) return null;
  const step = steps.filter(({ isDone }) => isDone).length;
  const next = steps[step];
  const current = stages.find(({ status }) => !isComplete(status));
  const guards = stages.flatMap(({ config }) => comparisonSchema.safeParse(config).data ?? []);
  return {
    toggle: aim.toggle,
    environment: aim.toggleEnvironment,
    ramp: {
      executionId: first.executionId,
      by: first.by,
      variant: aim.variant,
      step,
      steps: steps.length,
      percent: steps[step - 1]?.percent ?? null,
      next: next ? { percent: next.percent, at: current ? endsAt(current) : null } : null,
      guard: guards[0]?.config ?? null,
      asks: asks(current),
      isStopping: first.isStopping,
    },
  };
}

/** When a stage that only lasts is over; null for what people or the metrics decide. */
function endsAt({ type, startedAt, waiting, config }: RampStage): string | null {
  if (type === 'wait') return waiting?.until ?? null;
  const comparison = type === 'canaryAnalysis' ? comparisonSchema.safeParse(config).data : undefined;
  if (!comparison || !startedAt || waiting?.kind === 'person') return null;
  return new Date(startedAt.getTime() + comparison.lifetimeSeconds * 1_000).toISOString();
}

function asks(current: RampStage | undefined): RampView['asks'] {
  if (current?.status !== 'running') return null;
  if (current.type === 'manualJudgment') return 'review';
  return current.waiting?.kind === 'person' ? 'unclear' : null;
}
