import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { judgments } from '@/db/schema';
import { message } from '@/server/domain/message';
import { judgmentConfigSchema } from '@/server/domain/pipeline';
import type { StageType } from '@/server/engine/stages/stage';

/** Waits for a person's decision. The decision is a row; making it wakes the stage. */
export const manualJudgment: StageType<z.infer<typeof judgmentConfigSchema>> = {
  type: 'manualJudgment',
  label: 'Manual judgment',
  group: 'control',
  authorable: true,
  configSchema: judgmentConfigSchema,
  tasks: [
    {
      name: 'judge',
      async run({ config, stage, services }) {
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
        const until = new Date(
          stage.startedAt.getTime() + stage.pausedMs + config.expiresAfterSeconds * 1_000,
        );
        const left = until.getTime() - services.clock.now().getTime();
        if (left <= 0) return { status: 'stopped', error: message('engine.judgment.expired') };
        return {
          status: 'running',
          retryAfterMs: left,
          waiting: {
            kind: 'person',
            reason: message('engine.wait.judgment'),
            until: until.toISOString(),
            who: config.roles,
          },
        };
      },
    },
  ],
};
