import { eq } from 'drizzle-orm';
import { environments } from '@/db/schema';
import { isAppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { DeliveredPlace, Delivery } from '@/server/services/rollbacks/delivery';
import { type RollbackPlan, readRollbackPlan, turnsOf } from '@/server/services/rollbacks/plan';
import type { Reader } from '@/server/services/shared/reader';

/** What taking a delivery back would do now: one plan per cluster, in the order of the environments. */
export interface EverywherePlan {
  readonly application: string;
  readonly executionId: string | null;
  readonly version: string | null;
  readonly plans: readonly RollbackPlan[];
  /** What nobody may deploy afterwards. */
  readonly vetoes: readonly ArtifactRef[];
  /** Executions that are withdrawn first, lest they bring it back. */
  readonly withdraws: readonly { readonly id: string; readonly version: string | null }[];
  /** Why nothing can be taken back at all. */
  readonly why: Message | null;
}

export async function planEverywhere(db: Reader, delivery: Delivery): Promise<EverywherePlan> {
  const { application, executionId, version } = delivery;
  const order = await orderOf(db, application);
  const found: RollbackPlan[] = [];
  for (const place of delivery.places) {
    const plan = await planOf(db, place, delivery.open);
    if (plan) found.push(plan);
  }
  const plans = found.toSorted(
    (a, b) => order(a.environment) - order(b.environment) || a.cluster.localeCompare(b.cluster),
  );
  const turned = turnsOf(plans);
  const withdraws = new Map(delivery.open.map((id) => [id, { id, version }]));
  for (const { plan } of turned) for (const one of plan.deploying) withdraws.set(one.id, one);
  return {
    application,
    executionId,
    version,
    plans,
    vetoes: delivery.forms,
    withdraws: [...withdraws.values()],
    why: turned.length > 0 ? null : reasonAgainst(plans, executionId),
  };
}

/** Null for a cluster that has left no trace: neither an environment nor a server group. */
async function planOf(
  db: Reader,
  { digests, ...place }: DeliveredPlace,
  withdrawn: readonly string[],
): Promise<RollbackPlan | null> {
  try {
    const plan = await readRollbackPlan(db, { ...place, only: digests });
    const early = plan.why?.key === 'rollback.why.deployNotThere';
    if (!early || !plan.deploying.every(({ id }) => withdrawn.includes(id))) return plan;
    return { ...plan, why: message('rollback.why.withdrawn', plan.why?.values ?? {}) };
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return null;
    throw error;
  }
}

function reasonAgainst(plans: readonly RollbackPlan[], executionId: string | null): Message {
  const underWay = plans.find(({ why }) => why?.key === 'rollback.why.underWay')?.why;
  if (underWay) return underWay;
  const [only, ...others] = plans.map(({ why }) => why);
  if (only === undefined) {
    return message(executionId ? 'rollback.why.nothingDelivered' : 'rollback.why.servesNowhere');
  }
  return only && others.every((why) => why?.key === only.key) ? only : message('rollback.why.nowhereBack');
}

async function orderOf(db: Reader, application: string): Promise<(name: string | null) => number> {
  const places = await db
    .select({ name: environments.name, order: environments.order })
    .from(environments)
    .where(eq(environments.application, application));
  const byName = new Map(places.map(({ name, order }) => [name, order]));
  return (name) => byName.get(name ?? '') ?? Number.MAX_SAFE_INTEGER;
}
