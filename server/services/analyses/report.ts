import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { canaryAnalyses, canaryLooks } from '@/db/schema';
import type { Judgement } from '@/server/domain/canary';
import { AppError } from '@/server/domain/errors';
import type { AnalysisReport, LookSummary, LookView } from '@/server/domain/views/canary';
import { analysisSummary, selectAnalyses } from '@/server/services/analyses/rows';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const reportAnalysisInput = z.object({
  id: z.uuid(),
  /** Number of the look that is shown; the latest when absent. */
  look: z.number().int().positive().optional(),
  /** False leaves the points out: of hundreds of metrics they are megabytes, and the verdict does not need them. */
  points: z.boolean().optional(),
});

/** Everything about one canary analysis, with what one of its looks saw. */
export async function reportAnalysis(
  ctx: ServiceContext,
  { id, look, points = true }: z.output<typeof reportAnalysisInput>,
): Promise<AnalysisReport> {
  requirePermission(ctx, 'read');
  const [row] = await selectAnalyses(ctx.db).where(eq(canaryAnalyses.id, id));
  const [own] = await ctx.db
    .select({ config: canaryAnalyses.config })
    .from(canaryAnalyses)
    .where(eq(canaryAnalyses.id, id));
  if (!row || !own) {
    throw new AppError(
      'not_found',
      `There is no canary analysis ${id}. It may belong to another installation.`,
    );
  }
  const history = await readHistory(ctx, id);
  const shown = await readLook(ctx, id, look, points);
  if (look !== undefined && !shown) {
    const last = history.at(-1)?.number;
    throw new AppError(
      'not_found',
      `The canary analysis has no look ${look}. ${last === undefined ? 'It has not looked yet.' : `Choose one from 1 to ${last}.`}`,
    );
  }
  return { ...analysisSummary(row), config: own.config, options: row.options, history, shown };
}

/** Judgements hold everything about every metric; of the others only the outcome is read. */
async function readHistory(ctx: ServiceContext, id: string): Promise<LookSummary[]> {
  const rows = await ctx.db
    .select({
      ...windowColumns,
      outcome: sql<Pick<Judgement, 'score' | 'highestScore' | 'classification' | 'action' | 'sentence'>>`
        ${canaryLooks.judgement} - 'results' - 'groupScores' - 'judge' - 'classificationReason'`,
    })
    .from(canaryLooks)
    .where(eq(canaryLooks.analysisId, id))
    .orderBy(asc(canaryLooks.number));
  return rows.map(({ outcome, judgedAt, ...window }) => ({ ...window, judgedAt: iso(judgedAt), ...outcome }));
}

const windowColumns = {
  number: canaryLooks.number,
  startMs: canaryLooks.startMs,
  endMs: canaryLooks.endMs,
  stepMs: canaryLooks.stepMs,
  judgedAt: canaryLooks.judgedAt,
};

async function readLook(
  ctx: ServiceContext,
  id: string,
  number: number | undefined,
  points: boolean,
): Promise<LookView | null> {
  const [row] = await ctx.db
    .select({
      ...windowColumns,
      judgement: canaryLooks.judgement,
      measurements: points ? canaryLooks.measurements : sql<null>`null`,
    })
    .from(canaryLooks)
    .where(
      and(eq(canaryLooks.analysisId, id), number === undefined ? undefined : eq(canaryLooks.number, number)),
    )
    .orderBy(desc(canaryLooks.number))
    .limit(1);
  return row ? { ...row, judgedAt: iso(row.judgedAt) } : null;
}
