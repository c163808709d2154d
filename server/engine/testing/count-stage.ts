import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { message } from '@/server/domain/message';
import type { StageType } from '@/server/engine/stages/stage';

/** What the process says when a task is in its hands. */
const BEGUN = 'begun';

const configSchema = z.object({ holdMs: z.number().default(0) });

/**
 * A stage whose effect on the world is a row in `effects` (see effects.ts). Like a platform the table
 * performs an operation once, counts how often it was asked, and notes fences lower than one it has seen.
 */
export const count: StageType<z.infer<typeof configSchema>> = {
  type: 'count',
  label: 'count',
  group: 'control',
  authorable: true,
  configSchema,
  tasks: [
    {
      name: 'apply',
      async run({ services, stage, config, fence }) {
        process.stdout.write(`${BEGUN} ${stage.refId}\n`);
        if (config.holdMs > 0) await pause(config.holdMs);
        await services.db.execute(sql`
          INSERT INTO effects (operation, fence) VALUES (${stage.id}, ${fence})
          ON CONFLICT (operation) DO UPDATE SET
            asked = effects.asked + 1,
            fence = greatest(effects.fence, excluded.fence),
            stale = effects.stale + (excluded.fence < effects.fence)::int`);
        return { status: 'succeeded' };
      },
    },
    {
      name: 'look',
      async run({ stage }) {
        if (stage.outputs.seen === true) return { status: 'succeeded' };
        const waiting = {
          kind: 'time' as const,
          reason: message('literal', { text: 'looks' }),
          until: null,
          who: [],
        };
        return { status: 'running', retryAfterMs: 5, waiting, outputs: { seen: true } };
      },
    },
  ],
};
