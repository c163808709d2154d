import { and, eq, gt, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, pins, stages } from '@/db/schema';
import type { StageLogEntry } from '@/server/domain/execution';
import { message } from '@/server/domain/message';

/** Who lifted it, where no person did. */
const BY = 'Signalbox';

/**
 * A rollback pins its clusters when it starts. Those that did not get back are let go when it ends: who then brings a
 * mended version must not be held at one that does not run. What held a cluster before holds it again. The veto of the
 * bad version stays.
 * @param executionIds that have ended.
 */
export async function releasePins(tx: Transaction, executionIds: readonly string[]): Promise<void> {
  if (executionIds.length === 0) return;
  const failed = await tx
    .select({ stage: stages, at: executions.createdAt, application: executions.application, pin: pins })
    .from(executions)
    .innerJoin(stages, eq(stages.executionId, executions.id))
    .innerJoin(
      pins,
      and(
        sql`${pins.account} = ${stages.config}->>'account' AND ${pins.cluster} = ${stages.config}->>'cluster'`,
        // Written in one transaction, and therefore at one moment.
        eq(pins.at, executions.createdAt),
        isNull(pins.liftedAt),
      ),
    )
    .where(
      and(
        inArray(executions.id, [...executionIds]),
        sql`${executions.trigger}->>'kind' = 'rollback'`,
        eq(stages.type, 'rollbackCluster'),
        eq(stages.superseded, false),
        ne(stages.status, 'succeeded'),
      ),
    );
  for (const { stage, pin, application } of failed) {
    await tx.update(pins).set({ liftedAt: sql`now()`, liftedBy: BY }).where(eq(pins.id, pin.id));
    const { cluster, version } = pin;
    const before = await giveBack(tx, pin);
    const told: StageLogEntry = {
      at: new Date().toISOString(),
      level: 'info',
      text: before
        ? message('engine.rollback.pinGivenBack', {
            cluster,
            version: before.version,
            by: before.by,
            reason: before.reason,
          })
        : message('engine.rollback.pinReleased', { cluster, version }),
    };
    await tx
      .update(stages)
      .set({ log: [...stage.log, told] })
      .where(eq(stages.id, stage.id));
    await recordEvents(tx, [{ kind: 'pin', application, subject: cluster }]);
  }
}

type Pin = typeof pins.$inferSelect;

/** The pin in whose place this one came, in force again as it was, unless it would have run out. */
async function giveBack(tx: Transaction, { id, account, cluster }: Pin): Promise<Pin | undefined> {
  // A date of ours has no microseconds, and would not be the same moment.
  const replaced = sql`(SELECT p.at FROM pins p WHERE p.id = ${id})`;
  const [before] = await tx
    .update(pins)
    .set({ liftedAt: null, liftedBy: null })
    .where(
      and(
        eq(pins.account, account),
        eq(pins.cluster, cluster),
        eq(pins.liftedAt, replaced),
        ne(pins.id, id),
        or(isNull(pins.expiresAt), gt(pins.expiresAt, sql`now()`)),
      ),
    )
    .returning();
  return before;
}
