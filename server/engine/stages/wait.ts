import { z } from 'zod';
import { message } from '@/server/domain/message';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z.object({
  /** At most thirty days. */
  seconds: z.number().int().min(0).max(2_592_000),
});

/** Lets time pass. */
export const wait: StageType<z.infer<typeof configSchema>> = {
  type: 'wait',
  label: 'Wait',
  group: 'control',
  skippable: true,
  authorable: true,
  configSchema,
  tasks: [
    {
      name: 'wait',
      async run({ config, stage, services }) {
        const until = new Date(stage.startedAt.getTime() + stage.pausedMs + config.seconds * 1_000);
        const left = until.getTime() - services.clock.now().getTime();
        if (left <= 0) return { status: 'succeeded' };
        return {
          status: 'running',
          retryAfterMs: left,
          waiting: { kind: 'time', reason: message('engine.wait.time'), until: until.toISOString(), who: [] },
        };
      },
    },
  ],
};
