import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { executions, stages } from '@/db/schema';
import type { WaitingGate } from '@/server/domain/views/board';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { rampSubject } from '@/server/services/executions/rows';
import { ASKS_PERSON, gateOf } from '@/server/services/judgments/gate';
import { isOwnRamp, mayDecide } from '@/server/services/judgments/may-decide';
import { iso } from '@/server/services/shared/sql';

export const listWaitingInput = z.object({ application: z.string().optional() });

/** Gates that wait for a person, longest first. */
export async function listWaiting(
  ctx: ServiceContext,
  input: z.output<typeof listWaitingInput>,
): Promise<WaitingGate[]> {
  const actor = requirePermission(ctx, 'read');
  return waitingGates(
    ctx,
    actor,
    input.application ? eq(executions.application, input.application) : undefined,
  );
}

/** The same for services that have checked permission already. */
export async function waitingGates(ctx: ServiceContext, actor: Actor, which?: SQL): Promise<WaitingGate[]> {
  const rows = await ctx.db
    .select({
      executionId: executions.id,
      refId: stages.refId,
      application: executions.application,
      pipeline: executions.pipeline,
      environment: executions.environment,
      version: executions.version,
      stageName: stages.name,
      type: stages.type,
      since: stages.startedAt,
      waiting: stages.waiting,
      config: stages.config,
      trigger: executions.trigger,
      ramp: rampSubject,
      stageTypes: sql<
        string[]
      >`array(select jsonb_array_elements(${executions.definition}->'stages')->>'type')`,
    })
    .from(stages)
    .innerJoin(executions, eq(executions.id, stages.executionId))
    .where(and(ASKS_PERSON, which))
    .orderBy(asc(stages.startedAt), asc(stages.id));
  return rows.map(({ waiting, config, type, since, stageTypes, trigger, ...gate }) => {
    const { roles } = gateOf({ refId: gate.refId, type, config });
    return {
      ...gate,
      since: iso(since) ?? ctx.clock.now().toISOString(),
      expiresAt: waiting?.until ?? null,
      roles,
      mine:
        mayDecide(actor, { type, roles, stageTypes }) &&
        !isOwnRamp(actor, { pipeline: gate.pipeline, trigger }, type),
    };
  });
}
