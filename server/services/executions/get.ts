import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { executions, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { decidingEnding, executionSentence } from '@/server/domain/sentence';
import { isComplete } from '@/server/domain/status';
import type { ExecutionView } from '@/server/domain/views/execution';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readStages, readTries, summaryColumns, summaryView } from '@/server/services/executions/rows';
import type { Reader } from '@/server/services/shared/reader';

export const getExecutionInput = z.object({ id: z.uuid() });

/** One execution with its graph. */
export async function getExecution(
  ctx: ServiceContext,
  input: z.output<typeof getExecutionInput>,
): Promise<ExecutionView> {
  requirePermission(ctx, 'read');
  const [row] = await ctx.db
    .select({
      summary: summaryColumns,
      pipelineRevision: executions.pipelineRevision,
      digest: executions.digest,
      parameters: executions.parameters,
      error: executions.error,
      cancelRequestedBy: executions.cancelRequestedBy,
      rerunOf: executions.rerunOf,
      waiting: executions.waiting,
    })
    .from(executions)
    .where(eq(executions.id, input.id));
  if (!row) throw new AppError('not_found', `There is no execution ${input.id}.`);
  const [stageViews, tries, places] = await Promise.all([
    readStages(ctx.db, input.id),
    readTries(ctx.db, input.id),
    readPlaces(ctx.db, input.id),
  ]);
  const { summary, waiting, ...rest } = row;
  const deciding = decidingEnding({ status: summary.status, stages: stageViews });
  // The engine keeps the reason of whichever stage failed first; the sentence names this one.
  const error = deciding ? deciding.reason : rest.error;
  const view = { ...summaryView(summary), ...rest, error, stages: stageViews, tries };
  const own = waiting && summary.status === 'pending' ? [{ ...waiting, refId: null }] : [];
  const ofStages = stageViews.flatMap((stage) =>
    stage.waiting && !isComplete(stage.status) ? [{ ...stage.waiting, refId: stage.refId }] : [],
  );
  return {
    ...view,
    waitingFor: [...own, ...ofStages],
    sentence: executionSentence({
      ...view,
      stages: stageViews.map((stage) => ({ ...stage, environment: places.get(stage.refId) ?? null })),
      waiting: own[0] ?? null,
    }),
  };
}

/** Where each deploy puts the execution's version; without those that put another there, or say it by an expression. */
async function readPlaces(db: Reader, executionId: string): Promise<ReadonlyMap<string, string>> {
  const environment = sql<string>`${stages.config}->>'environment'`;
  const rows = await db
    .select({ refId: stages.refId, environment })
    .from(stages)
    .where(
      and(
        eq(stages.executionId, executionId),
        eq(stages.type, 'deploy'),
        eq(stages.superseded, false),
        isNull(stages.parentId),
        sql`${stages.config}->'artifact' is null and ${environment} not like '%\${%'`,
      ),
    );
  return new Map(rows.map((row) => [row.refId, row.environment]));
}
