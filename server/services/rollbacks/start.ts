import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, pins, vetoes } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { enqueueExecution, requestCancel } from '@/server/engine/enqueue';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { triggerOf } from '@/server/services/executions/launch';
import { type RollbackPlan, readRollbackPlan } from '@/server/services/rollbacks/plan';
import { renderEnglish } from '@/server/services/shared/render-english';

export const startRollbackInput = z.object({
  application: z.string(),
  cluster: z.string(),
  /** Needed only when accounts have clusters of the same name. */
  account: z.string().optional(),
  reason: z.string().trim().min(1, 'say why, for those who come after').max(1000),
  /** The same again answers the first rollback. */
  idempotencyKey: z.string().min(1).max(200).optional(),
});

/** Long enough to find out what was wrong, short enough not to be forgotten. */
export const PIN_HOURS = 24;

type Input = z.output<typeof startRollbackInput>;

/**
 * Rolls a cluster back, pins the good version and vetoes the bad artifact, all or nothing. A deploy
 * at work on the cluster is withdrawn first.
 */
export async function startRollback(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'cluster.rollback');
  return ctx.db.transaction(async (tx) => {
    await lockRollbacks(tx, input);
    const earlier = await findByKey(tx, input.idempotencyKey);
    if (earlier) return { executionId: earlier };
    const plan = await readRollbackPlan(tx, input);
    const turned = plan.regions.find(({ from, to }) => from && to);
    if (plan.why || !turned?.from || !turned.to) {
      throw new AppError(
        'conflict',
        `${input.cluster} cannot be rolled back. ${plan.why ? renderEnglish(plan.why) : ''}`.trim(),
      );
    }
    for (const { id } of plan.deploying) {
      await requestCancel(tx, id, actor.name, `rolled back: ${input.reason}`);
    }
    await pin(tx, actor, plan, turned.to, input.reason);
    await veto(tx, actor, turned.from.artifact, input.reason);
    const executionId = await enqueue(tx, actor, plan, turned.to, input);
    await recordAudit(tx, actor, {
      action: 'cluster.rollback',
      application: plan.application,
      subject: plan.cluster,
      reason: input.reason,
      before: turned.from.artifact,
      after: { ...turned.to.artifact, executionId, withdrawn: plan.deploying.map((one) => one.id) },
    });
    return { executionId };
  });
}

/** Two people press the button: the second one waits, and then sees that it is under way. */
export async function lockRollbacks(
  tx: Transaction,
  { application, cluster }: { readonly application: string; readonly cluster: string },
): Promise<void> {
  const name = `rollback ${application} ${cluster}`;
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** A rollback changes what it is asked of, so the second request must not be judged anew. */
export async function findByKey(tx: Transaction, key: string | undefined): Promise<string | null> {
  if (key === undefined) return null;
  const [row] = await tx
    .select({ id: executions.id })
    .from(executions)
    .where(eq(executions.idempotencyKey, key));
  return row?.id ?? null;
}

/** Holds the cluster at what it goes back to. */
export async function pin(
  tx: Transaction,
  actor: Actor,
  plan: RollbackPlan,
  good: ServerGroup,
  reason: string,
) {
  const { application, account, cluster } = plan;
  await tx
    .update(pins)
    .set({ liftedAt: sql`now()`, liftedBy: actor.name })
    .where(and(eq(pins.account, account), eq(pins.cluster, cluster), isNull(pins.liftedAt)));
  await tx.insert(pins).values({
    application,
    account,
    cluster,
    digest: good.artifact.digest,
    version: good.artifact.version,
    reason,
    by: actor.name,
    expiresAt: sql`now() + make_interval(hours => ${PIN_HOURS})`,
  });
  await recordEvents(tx, [{ kind: 'pin', application, subject: cluster }]);
}

/** Forbids an artifact that was taken back, unless somebody has already. */
export async function veto(tx: Transaction, actor: Actor, { digest, name }: ArtifactRef, reason: string) {
  if ((await activeVetoes(tx, [digest])).has(digest)) return;
  await tx.insert(vetoes).values({ digest, reason, by: actor.name });
  await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
}

async function enqueue(
  tx: Transaction,
  actor: Actor,
  plan: RollbackPlan,
  good: ServerGroup,
  { reason, idempotencyKey }: Input,
) {
  const { application, cluster } = plan;
  const { executionId } = await enqueueExecution(tx, {
    application,
    pipeline: 'rollback',
    pipelineRevision: 1,
    definition: {
      name: 'rollback',
      description: reason,
      parameters: [],
      stages: [
        {
          refId: 'rollback',
          type: 'rollbackCluster',
          name: `Roll back ${cluster}`,
          requires: [],
          config: rollbackConfig(plan),
        },
      ],
    },
    trigger: { ...triggerOf(actor, reason), kind: 'rollback' },
    parameters: {},
    environment: plan.environment,
    artifact: good.artifact,
    idempotencyKey: idempotencyKey ?? null,
  });
  return executionId;
}

/** The configuration of the stage that does what a plan says. */
export function rollbackConfig({ application, account, cluster, regions }: RollbackPlan) {
  const restore = Object.fromEntries(regions.flatMap(({ region, to }) => (to ? [[region, to.name]] : [])));
  return { application, account, cluster, regions: Object.keys(restore), restore };
}
