import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import type { StageDefinition } from '@/server/domain/pipeline';
import { enqueueExecution, requestCancel } from '@/server/engine/enqueue';
import { vetoArtifact } from '@/server/engine/requests/hold-version';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { triggerOf } from '@/server/services/executions/launch';
import { deliverySchema, readDelivery } from '@/server/services/rollbacks/delivery';
import { type EverywherePlan, planEverywhere } from '@/server/services/rollbacks/everywhere';
import { type Turn, turnsOf } from '@/server/services/rollbacks/plan';
import {
  findByKey,
  lockRollbacks,
  pin,
  rollbackConfig,
  startRollbackInput,
} from '@/server/services/rollbacks/start';
import { renderEnglish } from '@/server/services/shared/render-english';

export const startEverywhereInput = z.object({
  target: deliverySchema,
  ...startRollbackInput.pick({ reason: true, idempotencyKey: true }).shape,
});
type Input = z.output<typeof startEverywhereInput>;

/**
 * Takes back a delivery in all its environments at once: one execution with a part per cluster, each pinned to what
 * it goes back to, and the version vetoed in all its forms. What still brings it is withdrawn first. All of that is
 * written or nothing; afterwards the clusters do not wait for each other. A cluster whose account was not seen lately
 * is part of it whatever was last seen there: its part looks, and is a success when the version is not there.
 */
export async function startEverywhere(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'cluster.rollback');
  return ctx.db.transaction(async (tx) => {
    const delivery = await readDelivery(tx, input.target);
    // In one order, or two that overlap would wait for each other.
    const places = delivery.places.toSorted((a, b) => a.cluster.localeCompare(b.cluster));
    for (const place of places) await lockRollbacks(tx, place);
    const earlier = await findByKey(tx, input.idempotencyKey);
    if (earlier) return { executionId: earlier };
    const plan = await planEverywhere(tx, delivery);
    if (plan.why) throw refusal(plan);
    const turns = turnsOf(plan.plans);
    for (const { id } of plan.withdraws) {
      await requestCancel(tx, id, actor.name, `rolled back: ${input.reason}`);
    }
    for (const { plan: place, going } of turns)
      if (going) await pin(tx, actor, place, going.to, input.reason);
    for (const form of plan.vetoes) await vetoArtifact(tx, form, actor.name, input.reason);
    const executionId = await enqueue(tx, actor, plan, turns, input);
    await audit(tx, actor, plan, turns, executionId, input.reason);
    return { executionId };
  });
}

function refusal({ application, version, plans, why }: EverywherePlan): AppError {
  const places = plans.map((plan) => {
    const said = plan.why ?? plan.regions.flatMap((region) => region.why ?? [])[0];
    return `${plan.environment ?? plan.cluster}: ${said ? renderEnglish(said) : ''}`;
  });
  const what = version === null ? application : `${application} ${version}`;
  return new AppError(
    'conflict',
    `${what} cannot be rolled back. ${[why ? renderEnglish(why) : '', ...places].join(' ').trim()}`,
    { places },
  );
}

async function enqueue(
  tx: Transaction,
  actor: Actor,
  { application }: EverywherePlan,
  turns: readonly Turn[],
  { reason, idempotencyKey }: Input,
): Promise<string> {
  const [first] = turns;
  const good = turns.flatMap(({ going }) => going?.to.artifact ?? []);
  const versions = new Set(good.map(({ version }) => version));
  const { executionId } = await enqueueExecution(tx, {
    application,
    pipeline: 'rollback',
    pipelineRevision: 1,
    definition: {
      name: 'rollback',
      description: reason,
      parameters: [],
      stages: turns.map(({ plan }) => stageOf(plan)),
    },
    trigger: { ...triggerOf(actor, reason), kind: 'rollback' },
    parameters: {},
    environment: turns.length === 1 ? (first?.plan.environment ?? null) : null,
    // Of several forms any will do: it is shown as the version that serves afterwards.
    artifact: versions.size === 1 ? (good[0] ?? null) : null,
    idempotencyKey: idempotencyKey ?? null,
  });
  return executionId;
}

/** A cloud that is dead holds up its own part; the execution then says that not all came back. */
function stageOf(plan: Turn['plan']): StageDefinition {
  const { environment, account, cluster } = plan;
  return {
    refId: environment ?? `${account}.${cluster}`,
    type: 'rollbackCluster',
    name: `Roll back ${cluster} on ${account}`,
    requires: [],
    onFailure: 'haltBranchThenFail',
    config: rollbackConfig(plan),
  };
}

/** An entry per cluster, so that each one's history is whole, and one for the decision that they belong to. */
async function audit(
  tx: Transaction,
  actor: Actor,
  plan: EverywherePlan,
  turns: readonly Turn[],
  executionId: string,
  reason: string,
): Promise<void> {
  const { application, version } = plan;
  await recordAudit(tx, actor, {
    action: 'application.rollback',
    application,
    subject: plan.executionId ?? application,
    reason,
    before: { version },
    after: {
      executionId,
      clusters: turns.map((turn) => turn.plan.cluster),
      vetoed: plan.vetoes.map((form) => `${form.name} ${form.version}`),
      withdrawn: plan.withdraws.map((one) => one.id),
    },
  });
  for (const turn of turns) {
    await recordAudit(tx, actor, {
      action: 'cluster.rollback',
      application: turn.plan.application,
      subject: turn.plan.cluster,
      reason,
      before: turn.going?.from.artifact ?? null,
      after: { ...turn.going?.to.artifact, executionId },
    });
  }
}
