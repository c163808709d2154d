import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { stageEdges, stages } from '@/db/schema';
import { DEFAULT_FAILURE_POLICY } from '@/server/domain/pipeline';
import { stageEvent } from '@/server/engine/completion';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import type { ChildStage } from '@/server/engine/stages/stage';
import type { LockedExecution, StageState } from '@/server/engine/state';

/** Writes the children of a stage, visible in the graph before they run, and starts the first of them. */
export async function insertChildren(
  tx: Transaction,
  execution: LockedExecution,
  stage: StageState['stage'],
  children: readonly ChildStage[],
): Promise<void> {
  const refId = (key: string) => `${stage.refId}.${key}`;
  const rows = await tx
    .insert(stages)
    .values(
      children.map((child, position) => ({
        executionId: execution.id,
        parentId: stage.id,
        refId: refId(child.key),
        type: child.type,
        name: child.name,
        config: { ...child.config },
        requires: child.requires.map(refId),
        openUpstream: new Set(child.requires).size,
        position,
        onFailure: child.onFailure ?? DEFAULT_FAILURE_POLICY,
      })),
    )
    .returning({ id: stages.id, refId: stages.refId, openUpstream: stages.openUpstream });
  const idOf = new Map(rows.map((row) => [row.refId, row.id]));
  const edges = children.flatMap((child) =>
    [...new Set(child.requires)].map((key) => ({
      fromId: known(idOf, refId(key)),
      toId: known(idOf, refId(child.key)),
    })),
  );
  if (edges.length > 0) await tx.insert(stageEdges).values(edges);
  await tx.update(stages).set({ openChildren: children.length }).where(eq(stages.id, stage.id));
  await enqueueJobs(
    tx,
    rows
      .filter((row) => row.openUpstream === 0)
      .map((row) => ({ kind: 'stage', executionId: execution.id, stageId: row.id })),
  );
  await recordEvents(
    tx,
    rows.map((row) => stageEvent(execution, row.refId, 'pending')),
  );
}

function known(idOf: ReadonlyMap<string, string>, refId: string): string {
  const id = idOf.get(refId);
  if (!id) throw new Error(`a planned stage requires "${refId}", which is not planned`);
  return id;
}
