import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { executions } from '@/db/schema';
import type { Firing, TriggerType } from '@/server/automation/triggers/trigger';

const OUTCOMES = ['succeeded', 'failed', 'errored', 'stopped', 'canceled'] as const;

const configSchema = z.object({
  application: z.string().min(1).meta({ widget: 'application' }),
  pipeline: z.string().min(1),
  on: z.array(z.enum(OUTCOMES)).min(1).default(['succeeded']),
});

const LOOK_EVERY_MS = 500;
/** A transaction that began earlier may commit later than one that was seen already. */
const OVERLAP_MS = 30_000;
const stateSchema = z.object({ since: z.iso.datetime() });

/** Starts when another pipeline ends, with what that delivered. */
export const pipeline: TriggerType<z.infer<typeof configSchema>> = {
  type: 'pipeline',
  label: 'Another pipeline',
  configSchema,
  startsAs: 'pipeline',
  async look({ db, now }, { config, state }) {
    const nextAt = new Date(now.getTime() + LOOK_EVERY_MS);
    const armed = stateSchema.safeParse(state);
    if (!armed.success) return { firings: [], state: { since: now.toISOString() }, nextAt };
    const since = new Date(armed.data.since);
    const ended = await db
      .select()
      .from(executions)
      .where(
        and(
          eq(executions.application, config.application),
          eq(executions.pipeline, config.pipeline),
          inArray(executions.status, config.on),
          gt(executions.endedAt, since),
        ),
      )
      .orderBy(asc(executions.endedAt));
    const settled = now.getTime() - OVERLAP_MS;
    return {
      firings: ended.map(
        (row): Firing => ({
          dedupe: `${row.id} ${row.endedAt?.toISOString()}`,
          note: `${row.application}/${row.pipeline} ${row.status}`,
          parentExecutionId: row.id,
          payload: {
            executionId: row.id,
            application: row.application,
            pipeline: row.pipeline,
            status: row.status,
            parameters: row.parameters,
            environment: row.environment,
          },
          ...(row.artifact && row.version ? { artifact: { name: row.artifact, version: row.version } } : {}),
        }),
      ),
      state: { since: new Date(Math.max(since.getTime(), settled)).toISOString() },
      nextAt,
    };
  },
};
