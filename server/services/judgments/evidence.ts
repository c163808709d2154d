import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { judgments } from '@/db/schema';
import { asksPerson } from '@/server/domain/gate';
import { type Message, message } from '@/server/domain/message';
import { rolesGranting } from '@/server/domain/roles';
import type { Evidence } from '@/server/domain/views/execution';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { findExecution, findStage } from '@/server/services/executions/rows';
import { composeEvidence, type FrozenEvidence } from '@/server/services/judgments/compose';
import { gateOf } from '@/server/services/judgments/gate';
import { type ExecutionRow, gatherEvidence, type StageRow } from '@/server/services/judgments/gather';
import {
  decidingPermissions,
  holdsRole,
  isOwnRamp,
  isPermitted,
  typesOf,
} from '@/server/services/judgments/may-decide';
import { judgmentView } from '@/server/services/judgments/view';

export const getEvidenceInput = z.object({ executionId: z.uuid(), refId: z.string() });

/** What a person needs to decide a gate; frozen once decided. */
export async function getEvidence(
  ctx: ServiceContext,
  input: z.output<typeof getEvidenceInput>,
): Promise<Evidence> {
  const actor = requirePermission(ctx, 'read');
  const execution = await findExecution(ctx.db, input.executionId);
  const stage = await findGate(ctx, input);
  const [decided] = await ctx.db.select().from(judgments).where(eq(judgments.stageId, stage.id));
  if (decided) {
    // Written by decideJudgment, in this shape; without the ramp in the days before it was named.
    const frozen = decided.evidence as Omit<FrozenEvidence, 'ramp'> & Partial<Pick<FrozenEvidence, 'ramp'>>;
    return {
      ...frozen,
      ramp: frozen.ramp ?? null,
      judgment: judgmentView(decided),
      mayDecide: false,
      mayNotReason: message('evidence.mayNot.decided', { by: decided.by }),
    };
  }
  const card = composeEvidence(await gatherEvidence(ctx.db, execution, stage));
  const mayNotReason = reasonAgainst(actor, execution, stage);
  return { ...card, judgment: null, mayDecide: mayNotReason === null, mayNotReason };
}

async function findGate(ctx: ServiceContext, input: z.output<typeof getEvidenceInput>): Promise<StageRow> {
  const stage = await findStage(ctx.db, input.executionId, input.refId);
  gateOf(stage);
  return stage;
}

function reasonAgainst(actor: Actor, execution: ExecutionRow, stage: StageRow): Message | null {
  const { roles } = gateOf(stage);
  if (!asksPerson(stage)) return message('evidence.mayNot.over');
  const gate = { type: stage.type, stageTypes: typesOf(execution.definition) };
  if (!isPermitted(actor, gate)) {
    const helpers = new Set(decidingPermissions(gate).flatMap(rolesGranting));
    return message('evidence.mayNot.permission', { roles: named([...helpers]) });
  }
  if (isOwnRamp(actor, execution, stage.type)) return message('evidence.mayNot.ownRamp');
  return holdsRole(actor, roles) ? null : message('evidence.mayNot.role', { roles: named(roles) });
}

/** Admins are the ones to ask when nobody else is there; naming them beside others only adds length. */
function named(roles: readonly string[]): string {
  const others = roles.filter((role) => role !== 'admin');
  return (others.length > 0 ? others : roles).join(', ');
}
