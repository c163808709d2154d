import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ApplicationSummary } from '@/server/domain/views/application';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { isoTime, unitsIn } from '@/server/services/shared/sql';

export const listApplicationsInput = z.object({
  /** Also those that nobody has set up here and that a platform runs all the same. */
  seen: z.boolean().optional(),
});

/** Every application with its counts. */
export async function listApplications(
  ctx: ServiceContext,
  { seen }: z.output<typeof listApplicationsInput>,
): Promise<ApplicationSummary[]> {
  requirePermission(ctx, 'read');
  const units = unitsIn(sql`data`);
  const { rows } = await ctx.db.execute<ApplicationSummary & Record<string, unknown>>(sql`
    SELECT a.name, a.description, a.owner,
           coalesce(e.n, 0)::int AS environments, coalesce(p.n, 0)::int AS pipelines,
           coalesce(i.instances, 0)::int AS instances, coalesce(i.healthy, 0)::int AS "healthyInstances",
           ${isoTime(sql`x.at`)} AS "lastExecutionAt",
           a."seenOnly"
    FROM (
      SELECT name, description, owner, false AS "seenOnly" FROM applications
      UNION ALL
      SELECT DISTINCT s.application, '', '', true FROM inventory_server_groups s
      WHERE ${seen === true} AND NOT EXISTS (SELECT 1 FROM applications known WHERE known.name = s.application)) a
    LEFT JOIN (SELECT application, count(*) n FROM environments GROUP BY 1) e ON e.application = a.name
    LEFT JOIN (SELECT application, count(*) n FROM pipelines GROUP BY 1) p ON p.application = a.name
    LEFT JOIN (
      SELECT application, sum(jsonb_array_length(${units})) instances,
             sum((SELECT count(*) FROM jsonb_array_elements(${units}) one WHERE one->>'health' = 'healthy')) healthy
      FROM inventory_server_groups WHERE (data->>'enabled')::boolean GROUP BY 1) i ON i.application = a.name
    LEFT JOIN LATERAL (
      SELECT created_at AS at FROM executions WHERE application = a.name ORDER BY created_at DESC LIMIT 1) x ON true
    ORDER BY a.name`);
  return rows;
}
