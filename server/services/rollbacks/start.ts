import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { executions } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ServerGroup } from '@/server/domain/inventory';
import { enqueueExecution, requestCancel } from '@/server/engine/enqueue';
import { pinCluster, vetoArtifact } from '@/server/engine/requests/hold-version';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { triggerOf } from '@/server/services/executions/launch';
import { type RollbackPlan, readRollbackPlan, type Turn, turnsOf } from '@/server/services/rollbacks/plan';
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

type Input = z.output<typeof startRollbackInput>;

/**
 * Rolls a cluster back, pins the good version and vetoes the bad artifact, all or nothing. A deploy
 * at work on the cluster is withdrawn first. Where the account was not seen lately, the stage decides from what the
 * platform says when it runs, and pins and vetoes then.
 */
export async function startRollback(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'cluster.rollback');
  return ctx.db.transaction(async (tx) => {
    await lockRollbacks(tx, input);
    const earlier = await findByKey(tx, input.idempotencyKey);
    if (earlier) return { executionId: earlier };
    const plan = await readRollbackPlan(tx, input);
    const [turn] = turnsOf([plan]);
    if (!turn) {
      throw new AppError(
        'conflict',
        `${input.cluster} cannot be rolled back. ${plan.why ? renderEnglish(plan.why) : ''}`.trim(),
      );
    }
    for (const { id } of plan.deploying) {
      await requestCancel(tx, id, actor.name, `rolled back: ${input.reason}`);
    }
    const { going } = turn;
    if (going) {
      await pin(tx, actor, plan, going.to, input.reason);
      await vetoArtifact(tx, going.from.artifact, actor.name, input.reason);
    }
    const executionId = await enqueue(tx, actor, turn, input);
    await recordAudit(tx, actor, {
      action: 'cluster.rollback',
      application: plan.application,
      subject: plan.cluster,
      reason: input.reason,
      before: going?.from.artifact ?? null,
      after: { ...going?.to.artifact, executionId, withdrawn: plan.deploying.map((one) => one.id) },
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
  { name: by }: Actor,
  { application, account, cluster }: RollbackPlan,
  { artifact }: ServerGroup,
  reason: string,
) {
  await pinCluster(tx, { application, account, cluster, artifact, reason, by, at: sql`now()` });
}

async function enqueue(
  tx: Transaction,
  actor: Actor,
  { plan, going }: Turn,
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
    artifact: going?.to.artifact ?? null,
    idempotencyKey: idempotencyKey ?? null,
  });
  return executionId;
}

/** The configuration of the stage that does what a plan says, or decides it then. */
export function rollbackConfig({ application, account, cluster, regions, unseen }: RollbackPlan) {
  if (unseen) {
    const { only } = unseen;
    const names = regions.map(({ region }) => region);
    return { application, account, cluster, regions: names, ...(only ? { takeBack: [...only] } : {}) };
  }
  const restore = Object.fromEntries(regions.flatMap(({ region, to }) => (to ? [[region, to.name]] : [])));
  return { application, account, cluster, regions: Object.keys(restore), restore };
}
