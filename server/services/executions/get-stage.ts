import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { judgments, stages } from '@/db/schema';
import type { StageDetails } from '@/server/domain/views/execution';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findStage } from '@/server/services/executions/rows';
import { whyNotSkippable } from '@/server/services/executions/skippable';
import { judgmentView } from '@/server/services/judgments/view';
import { iso } from '@/server/services/shared/sql';

export const getStageInput = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  try: z.number().int().min(1).optional(),
});

/** Details of one stage. */
export async function getStage(
  ctx: ServiceContext,
  input: z.output<typeof getStageInput>,
): Promise<StageDetails> {
  requirePermission(ctx, 'read');
  const stage = await findStage(ctx.db, input.executionId, input.refId, input.try);
  const [[parent], [judgment]] = await Promise.all([
    stage.parentId
      ? ctx.db.select({ refId: stages.refId }).from(stages).where(eq(stages.id, stage.parentId))
      : Promise.resolve([]),
    ctx.db.select().from(judgments).where(eq(judgments.stageId, stage.id)),
  ]);
  const { refId, type, name, status, requires, waiting, error, config, outputs, log } = stage;
  return {
    refId,
    parentRefId: parent?.refId ?? null,
    type,
    name,
    status,
    requires,
    startedAt: iso(stage.startedAt),
    endedAt: iso(stage.endedAt),
    waiting,
    error,
    try: stage.try,
    onFailure: stage.onFailure,
    skipRequestedBy: stage.skipRequestedBy,
    skippable: stage.skipRequestedBy === null && !stage.superseded && whyNotSkippable(stage) === null,
    config,
    outputs,
    log,
    judgment: judgment ? judgmentView(judgment) : null,
  };
}
