import { eq } from 'drizzle-orm';
import { judgments } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import type { JudgmentConfig } from '@/server/domain/pipeline';
import type { StageContext, TaskResult } from '@/server/engine/stages/stage';

/**
 * Waits for a person's decision on this stage. The decision is a row; making it wakes the stage.
 * @param since when the person was first asked, in Unix milliseconds, held time not counted.
 */
export async function awaitDecision(
  { stage, services }: StageContext,
  gate: JudgmentConfig,
  since: number,
  reason: Message,
): Promise<TaskResult> {
  const [judgment] = await services.db.select().from(judgments).where(eq(judgments.stageId, stage.id));
  if (judgment) {
    const outputs = { by: judgment.by, judgmentInput: judgment.input };
    const { by, comment } = judgment;
    if (judgment.decision === 'continue')
      return { status: 'succeeded', outputs, log: [message('engine.did.continued', { by })] };
    const error = comment
      ? message('engine.judgment.stoppedBecause', { by, comment })
      : message('engine.judgment.stopped', { by });
    return { status: 'stopped', error, outputs };
  }
  const until = new Date(since + gate.expiresAfterSeconds * 1_000);
  const left = until.getTime() - services.clock.now().getTime();
  if (left <= 0) return { status: 'stopped', error: message('engine.judgment.expired') };
  return {
    status: 'running',
    retryAfterMs: left,
    waiting: { kind: 'person', reason, until: until.toISOString(), who: gate.roles },
  };
}
