import { z } from 'zod';
import { backoffMs } from '@/server/engine/backoff';
import type { Outputs, StageContext, TaskResult } from '@/server/engine/stages/stage';
import type { WebhookConfig } from '@/server/engine/stages/webhook';
import type { Called } from '@/server/engine/webhooks/call';

type Trouble = Extract<Called, { answer: null }>;

/** Kept in the outputs while calls meet trouble, so that its end is known across workers. */
const troubleSchema = z.object({
  trouble: z.object({
    /** Working time of the stage, pauses not counted, when it began. */
    sinceMs: z.number(),
    times: z.number(),
  }),
});

/** Calls again after a growing pause, until the patience that the pipeline grants is over. */
export function tryAgain(context: StageContext<WebhookConfig>, called: Trouble): TaskResult {
  const { stage, config, services } = context;
  const worked = services.clock.now().getTime() - stage.startedAt.getTime() - stage.pausedMs;
  const before = troubleSchema.safeParse(stage.outputs).data?.trouble;
  const trouble = { sinceMs: before?.sinceMs ?? worked, times: (before?.times ?? 0) + 1 };
  const untilMs = trouble.sinceMs + config.retrySeconds * 1_000;
  if (worked >= untilMs)
    return {
      status: called.answered ? 'failed' : 'errored',
      error: called.error,
      outputs: { trouble: null },
    };
  const until = new Date(stage.startedAt.getTime() + stage.pausedMs + untilMs);
  return {
    status: 'running',
    retryAfterMs: Math.min(backoffMs(trouble.times), untilMs - worked),
    waiting: { kind: 'platform', reason: called.waiting, until: until.toISOString(), who: [] },
    outputs: { trouble },
  };
}

/** What to put out once the trouble is over; null when there was none. */
export function withoutTrouble({ stage }: StageContext<WebhookConfig>): Outputs | null {
  return troubleSchema.safeParse(stage.outputs).success ? { trouble: null } : null;
}
