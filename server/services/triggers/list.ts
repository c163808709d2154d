import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { triggers } from '@/db/schema';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { TriggerView } from '@/server/domain/views/automation';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';
import { troubleOf } from '@/server/services/triggers/trouble';

export const listTriggersInput = z.object({
  application: z.string().optional(),
  pipeline: z.string().optional(),
});

/** What starts pipelines by itself: when next, when last, and what went wrong. */
export async function listTriggers(
  ctx: ServiceContext,
  { application, pipeline }: z.output<typeof listTriggersInput>,
): Promise<readonly TriggerView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select()
    .from(triggers)
    .where(
      and(
        application === undefined ? undefined : eq(triggers.application, application),
        pipeline === undefined ? undefined : eq(triggers.pipeline, pipeline),
      ),
    )
    .orderBy(asc(triggers.application), asc(triggers.pipeline), asc(triggers.key));
  return rows.map((row) => ({
    id: row.id,
    application: row.application,
    pipeline: row.pipeline,
    key: row.key,
    type: row.type,
    label: triggerTypes[row.type]?.label ?? row.type,
    enabled: row.enabled,
    config: row.definition.config,
    // Those that only watch look every second; that is no time people plan with.
    nextAt: row.type === 'cron' && row.enabled ? iso(row.nextAt) : null,
    firedAt: iso(row.firedAt),
    ...troubleOf(row, ctx.clock.now()),
  }));
}
