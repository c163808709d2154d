import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { executions, pins, stages } from '@/db/schema';
import type { StageLogEntry } from '@/server/domain/execution';
import { message } from '@/server/domain/message';

/** Who lifted it, where no person did. */
const BY = 'Signalbox';

/**
 * A rollback pins its clusters when it starts. Those that did not get back are let go when it ends: who then brings a
 * mended version must not be held at one that does not run. The veto of the bad version stays.
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
    const told: StageLogEntry = {
      at: new Date().toISOString(),
      level: 'info',
      text: message('engine.rollback.pinReleased', { cluster, version }),
    };
    await tx
      .update(stages)
      .set({ log: [...stage.log, told] })
      .where(eq(stages.id, stage.id));
    await recordEvents(tx, [{ kind: 'pin', application, subject: cluster }]);
  }
}
