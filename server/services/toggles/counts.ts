import { and, asc, eq, gte, lt } from 'drizzle-orm';
import { z } from 'zod';
import { toggleCounts, toggleEnvironments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { flagKeySchema } from '@/server/domain/toggles';
import type { ToggleCounts } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';
import { latest } from '@/server/services/toggles/uses';
import { findToggle, requireToggleEnvironment } from '@/server/toggle-state/find';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 92;

export const toggleCountsInput = z.object({
  key: flagKeySchema,
  environment: z.string(),
  /** The last 24 hours when left out. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

/** How often each variant was served, hour by hour. */
export async function countToggle(
  ctx: ServiceContext,
  input: z.output<typeof toggleCountsInput>,
): Promise<ToggleCounts> {
  requirePermission(ctx, 'read');
  const to = input.to ? new Date(input.to) : ctx.clock.now();
  const from = input.from ? new Date(input.from) : new Date(to.getTime() - DAY_MS);
  if (from >= to || to.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS) {
    throw new AppError('bad_request', `Give a time of at most ${LONGEST_DAYS} days, from before to.`);
  }
  await findToggle(ctx.db, input.key);
  requireToggleEnvironment(await ctx.db.select().from(toggleEnvironments), input.environment);
  const rows = await ctx.db
    .select()
    .from(toggleCounts)
    .where(
      and(
        eq(toggleCounts.toggle, input.key),
        eq(toggleCounts.environment, input.environment),
        gte(toggleCounts.hour, from),
        lt(toggleCounts.hour, to),
      ),
    )
    .orderBy(asc(toggleCounts.hour), asc(toggleCounts.variant));
  return {
    from: iso(from),
    to: iso(to),
    total: rows.reduce((sum, { count }) => sum + count, 0),
    lastEvaluatedAt: latest(rows.map(({ lastAt }) => iso(lastAt))),
    hours: rows.map(({ hour, variant, count }) => ({ hour: iso(hour), variant: variant || null, count })),
  };
}
