import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DeliveryTrend, TrendDay } from '@/server/domain/views/execution';
import { requirePermission, type ServiceContext } from '@/server/services/context';

const timeZoneSchema = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

export const getTrendInput = z.object({
  application: z.string().optional(),
  /** Whole days up to today. */
  days: z.number().int().min(1).max(90).default(14),
  timeZone: timeZoneSchema.default('UTC'),
});

type DayRow = TrendDay & Record<string, unknown>;
type TotalsRow = { failure_share: number | null; median_seconds: number | null; rollbacks: number };

/** How many executions ended how on each day, and how long the successful ones took. */
export async function getTrend(
  ctx: ServiceContext,
  { application, days, timeZone }: z.output<typeof getTrendInput>,
): Promise<DeliveryTrend> {
  requirePermission(ctx, 'read');
  const today = sql`(now() AT TIME ZONE ${timeZone})::date`;
  const ended = sql`
    SELECT (ended_at AT TIME ZONE ${timeZone})::date AS day, status, started_at, ended_at, trigger
    FROM executions
    WHERE ended_at >= ((${today} - ${days - 1}::int)::timestamp AT TIME ZONE ${timeZone})
      AND (${application ?? null}::text IS NULL OR application = ${application ?? null})`;
  const [perDay, totals] = await Promise.all([
    ctx.db.execute<DayRow>(sql`
      SELECT to_char(d.day, 'YYYY-MM-DD') AS day,
        count(*) FILTER (WHERE e.status = 'succeeded')::int AS succeeded,
        count(*) FILTER (WHERE e.status IN ('failed', 'errored'))::int AS failed,
        count(*) FILTER (WHERE e.status IN ('stopped', 'canceled', 'skipped'))::int AS withdrawn
      FROM generate_series(${today} - ${days - 1}::int, ${today}, interval '1 day') AS d(day)
      LEFT JOIN (${ended}) e ON e.day = d.day::date
      GROUP BY d.day ORDER BY d.day`),
    ctx.db.execute<TotalsRow>(sql`
      SELECT avg((status IN ('failed', 'errored'))::int)::float8 AS failure_share,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at))
          FILTER (WHERE status = 'succeeded') AS median_seconds,
        count(*) FILTER (WHERE trigger->>'kind' = 'rollback')::int AS rollbacks
      FROM (${ended}) e`),
  ]);
  const [total] = totals.rows;
  return {
    days: perDay.rows,
    failureShare: total?.failure_share ?? null,
    medianSeconds: total?.median_seconds ?? null,
    rollbacks: total?.rollbacks ?? 0,
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
