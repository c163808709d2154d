import { and, eq, sql } from 'drizzle-orm';
import { executions, pins } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Place } from '@/server/engine/clusters/place';
import { pinCluster, vetoArtifact } from '@/server/engine/requests/hold-version';
import type { StageContext } from '@/server/engine/stages/stage';

/**
 * Pins what a person's rollback goes back to and vetoes what it goes from, where that could not be told when it was
 * asked for, because nobody had seen the account lately. Done once: a rollback's pins are known by their moment.
 */
export async function settleRollback(
  { execution, services }: StageContext,
  { account, application, cluster }: Place,
  good: ArtifactRef,
  bad: readonly ArtifactRef[],
): Promise<void> {
  const [row] = await services.db
    .select({ trigger: executions.trigger })
    .from(executions)
    .where(eq(executions.id, execution.id));
  if (row?.trigger.kind !== 'rollback') return;
  const { by, note } = row.trigger;
  // A date of ours has no microseconds, and would not be the same moment.
  const at = sql`(SELECT created_at FROM executions WHERE id = ${execution.id})`;
  const here = and(eq(pins.account, account), eq(pins.cluster, cluster), eq(pins.at, at));
  await services.db.transaction(async (tx) => {
    const [settled] = await tx.select({ id: pins.id }).from(pins).where(here).limit(1);
    if (settled) return;
    const reason = note ?? '';
    await pinCluster(tx, { application, account, cluster, artifact: good, reason, by, at });
    for (const artifact of bad) await vetoArtifact(tx, artifact, by, reason);
  });
}
