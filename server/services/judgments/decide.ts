import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, judgments, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { asksPerson } from '@/server/domain/gate';
import type { JudgmentView } from '@/server/domain/views/execution';
import { wakeStage } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requireActor, requirePermission, type ServiceContext } from '@/server/services/context';
import { findStage, lockExecution } from '@/server/services/executions/rows';
import { composeEvidence } from '@/server/services/judgments/compose';
import { gateOf } from '@/server/services/judgments/gate';
import { gatherEvidence, type StageRow } from '@/server/services/judgments/gather';
import { holdsRole, isOwnRamp, isPermitted, typesOf } from '@/server/services/judgments/may-decide';
import { judgmentView } from '@/server/services/judgments/view';

export const decideJudgmentInput = z.object({
  executionId: z.uuid(),
  refId: z.string(),
  decision: z.enum(['continue', 'stop']),
  input: z.string().max(200).optional(),
  comment: z.string().max(2000).optional(),
});

type Decision = z.output<typeof decideJudgmentInput>;
type ExecutionRow = typeof executions.$inferSelect;

/** Decides a gate, once: whoever comes second is told who was first. */
export async function decideJudgment(ctx: ServiceContext, input: Decision): Promise<JudgmentView> {
  const actor = requireActor(ctx);
  return ctx.db.transaction(async (tx) => {
    await requireMayDecide(ctx, tx, actor, input);
    // The engine holds the same lock while it commits, so the gate cannot close half-way through this.
    const execution = await lockExecution(tx, input.executionId);
    const stage = await findStage(tx, input.executionId, input.refId);
    await requireOpenGate(tx, actor, stage, input);
    if (input.decision === 'continue') requireAnother(actor, execution, stage);
    const evidence = composeEvidence(await gatherEvidence(tx, execution, stage));
    const [judgment] = await tx
      .insert(judgments)
      .values({
        stageId: stage.id,
        decision: input.decision,
        input: input.input ?? null,
        comment: input.comment ?? null,
        by: actor.name,
        byUserId: actor.userId,
        evidence,
      })
      .onConflictDoNothing({ target: judgments.stageId })
      .returning();
    if (!judgment) throw await decidedBefore(tx, stage.id);
    // The engine may have closed the gate since it was read; nothing must then be decided.
    if (!(await wakeStage(tx, stage.id))) throw notWaiting(stage);
    await recordAudit(tx, actor, {
      action: 'judgment.decide',
      application: execution.application,
      subject: `${execution.id}/${stage.refId}`,
      reason: input.comment ?? null,
      after: { decision: input.decision, input: input.input ?? null, version: execution.version },
    });
    await recordEvents(tx, [
      {
        kind: 'judgment',
        application: execution.application,
        executionId: execution.id,
        subject: stage.refId,
        status: input.decision,
      },
    ]);
    return judgmentView(judgment);
  });
}

/** @throws AppError `forbidden`, also for what is not there, so that nobody learns by asking what is. */
async function requireMayDecide(
  ctx: ServiceContext,
  tx: Transaction,
  actor: Actor,
  { executionId, refId }: Decision,
): Promise<void> {
  const [gate] = await tx
    .select({ type: stages.type, definition: executions.definition })
    .from(stages)
    .innerJoin(executions, eq(executions.id, stages.executionId))
    .where(and(eq(stages.executionId, executionId), eq(stages.refId, refId), eq(stages.superseded, false)));
  if (gate && isPermitted(actor, { type: gate.type, stageTypes: typesOf(gate.definition) })) return;
  requirePermission(ctx, 'judgment.decide');
}

function requireAnother(actor: Actor, execution: ExecutionRow, { type }: StageRow): void {
  if (!isOwnRamp(actor, execution, type)) return;
  throw new AppError(
    'forbidden',
    'Another person must agree to a ramp that you have started. Ask someone who reviews toggles; you may stop it.',
  );
}

async function requireOpenGate(
  tx: Transaction,
  actor: Actor,
  stage: StageRow,
  input: Decision,
): Promise<void> {
  const { roles, inputs } = gateOf(stage);
  if (!holdsRole(actor, roles)) {
    throw new AppError(
      'forbidden',
      `This gate asks for the role ${roles.join(' or ')}. Ask someone who has it.`,
      {
        roles,
      },
    );
  }
  const [decided] = await tx.select().from(judgments).where(eq(judgments.stageId, stage.id));
  if (decided) throw conflictWith(decided);
  if (!asksPerson(stage)) throw notWaiting(stage);
  if (input.input !== undefined && !inputs.includes(input.input)) {
    const offered =
      inputs.length > 0 ? `Choose one of: ${inputs.join(', ')}.` : 'It offers none: leave it out.';
    throw new AppError('bad_request', `"${input.input}" is not an answer that this gate offers. ${offered}`);
  }
}

function notWaiting(stage: StageRow): AppError {
  const why =
    stage.status === 'pending'
      ? 'it has not been reached yet'
      : stage.status === 'running'
        ? 'it still decides by itself'
        : `it is ${stage.status}`;
  return new AppError('conflict', `The gate "${stage.refId}" does not wait for a decision: ${why}.`, {
    status: stage.status,
  });
}

async function decidedBefore(tx: Transaction, stageId: string): Promise<AppError> {
  const [decided] = await tx.select().from(judgments).where(eq(judgments.stageId, stageId));
  return decided
    ? conflictWith(decided)
    : new AppError('conflict', 'Someone is deciding this gate just now. Reload.');
}

function conflictWith(decided: typeof judgments.$inferSelect): AppError {
  const { decision, by, at } = judgmentView(decided);
  const word = decision === 'continue' ? 'to continue' : 'to stop';
  return new AppError('conflict', `${by} decided this gate before you: ${word}, at ${at}.`, {
    decision,
    by,
    at,
  });
}
