import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { createDatabase } from '@/db/client';
import { message } from '@/server/domain/message';
import { runWorker } from '@/server/engine/run-worker';
import type { StageType } from '@/server/engine/stages/stage';
import { createLogger } from '@/server/log';

/**
 * A worker process for tests of crashes and fences: the real engine with one stage type, whose effect
 * on the world is a row in `effects`. Like a platform it performs an operation once, counts how often
 * it was asked, and refuses fences that are lower than one it has seen.
 */

/** What the process says when a task is in its hands. */
const BEGUN = 'begun';

const configSchema = z.object({ holdMs: z.number().default(0) });

const count: StageType<z.infer<typeof configSchema>> = {
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

const database = createDatabase(process.env.DATABASE_URL ?? '', { max: 8 });
const worker = await runWorker({
  database,
  stageTypes: { count },
  providers: {},
  version: 'test',
  logger: createLogger('worker', 'info'),
  onLost: () => process.exit(1),
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
