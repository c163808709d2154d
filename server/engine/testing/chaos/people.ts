import { and, eq, isNull, sql } from 'drizzle-orm';
import { executions, judgments, stages } from '@/db/schema';
import { requestCancel, wakeStage } from '@/server/engine/enqueue';
import { pauseExecution, resumeExecution } from '@/server/engine/requests/pause';
import type { Random } from '@/server/engine/testing/chaos/random';
import type { World } from '@/server/engine/testing/chaos/world';

/** What people do meanwhile, in the transactions that the services would make. */

export async function pauseOrResumeAny({ database }: World, random: Random): Promise<void> {
  const open = await anyOpen(database.db);
  if (!open) return;
  await database.db.transaction(async (tx) => {
    if (random.next() < 0.6) await resumeExecution(tx, open);
    else await pauseExecution(tx, open, 'Ada');
  });
}

export async function cancelAny({ database }: World): Promise<void> {
  const open = await anyOpen(database.db);
  if (open) await database.db.transaction((tx) => requestCancel(tx, open, 'Ada', 'chaos'));
}

/** Decides every gate that is open now. */
export async function decideAll({ database }: World, random: Random): Promise<void> {
  const gates = await database.db
    .select({ id: stages.id })
    .from(stages)
    .where(and(eq(stages.type, 'manualJudgment'), eq(stages.status, 'running')));
  for (const { id } of gates) {
    const decision = random.next() < 0.9 ? 'continue' : 'stop';
    await database.db.transaction(async (tx) => {
      await tx
        .insert(judgments)
        .values({ stageId: id, decision, by: 'Ada', evidence: {} })
        .onConflictDoNothing();
      await wakeStage(tx, id);
    });
  }
}

export async function resumeAll({ database }: World): Promise<void> {
  const paused = await database.db
    .select({ id: executions.id })
    .from(executions)
    .where(eq(executions.status, 'paused'));
  for (const { id } of paused) await database.db.transaction((tx) => resumeExecution(tx, id));
}

async function anyOpen(db: World['database']['db']): Promise<string | undefined> {
  const [row] = await db
    .select({ id: executions.id })
    .from(executions)
    .where(isNull(executions.endedAt))
    .orderBy(sql`random()`)
    .limit(1);
  return row?.id;
}
