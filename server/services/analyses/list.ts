import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { canaryAnalyses } from '@/db/schema';
import { ANALYSIS_STATUSES } from '@/server/domain/analysis';
import type { AnalysisPage } from '@/server/domain/views/canary';
import { analysisSummary, selectAnalyses } from '@/server/services/analyses/rows';
import { findApplication } from '@/server/services/applications/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { decodeCursor, encodeCursor } from '@/server/services/shared/page';

export const listAnalysesInput = z.object({
  application: z.string(),
  executionId: z.uuid().optional(),
  /** Any of these; all when absent. */
  statuses: z.array(z.enum(ANALYSIS_STATUSES)).min(1).optional(),
  cursor: z.string().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Canary analyses of an application, newest first, in pages by keyset. */
export async function listAnalyses(
  ctx: ServiceContext,
  input: z.output<typeof listAnalysesInput>,
): Promise<AnalysisPage> {
  requirePermission(ctx, 'read');
  const { name } = await findApplication(ctx.db, input.application);
  const place = input.cursor ? decodeCursor(input.cursor) : null;
  const rows = await selectAnalyses(ctx.db)
    .where(
      and(
        eq(canaryAnalyses.application, name),
        input.executionId === undefined ? undefined : eq(canaryAnalyses.executionId, input.executionId),
        input.statuses && inArray(canaryAnalyses.status, input.statuses),
        place
          ? sql`(${canaryAnalyses.startedAt}, ${canaryAnalyses.id}) < (${place.at}::timestamptz, ${place.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(canaryAnalyses.startedAt), desc(canaryAnalyses.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    items: page.map(analysisSummary),
    nextCursor: last ? encodeCursor({ at: last.place, id: last.analysis.id }) : null,
  };
}
