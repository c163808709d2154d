import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import { executions, stages } from '@/db/schema';
import { clusterSlotKey } from '@/server/domain/cluster-slot';
import type { ClusterChange } from '@/server/domain/views/application';
import type { Reader } from '@/server/services/shared/reader';

interface Place {
  readonly account: string;
  readonly cluster: string;
}

/** Executions that change one of the clusters now, by the cluster's slot; whoever's pipeline they are of. */
export async function clusterChanges(
  db: Reader,
  places: readonly Place[],
): Promise<ReadonlyMap<string, ClusterChange>> {
  const keys = places.map(({ account, cluster }) => clusterSlotKey(account, cluster));
  if (keys.length === 0) return new Map();
  const rows = await db
    .select({
      slot: stages.slot,
      stage: stages.type,
      executionId: executions.id,
      pipeline: executions.pipeline,
      version: executions.version,
      by: executions.trigger,
      paused: stages.status,
    })
    .from(stages)
    .innerJoin(executions, eq(stages.executionId, executions.id))
    .where(and(inArray(stages.slot, keys), isNull(stages.endedAt)))
    .orderBy(desc(stages.startedAt));
  return new Map(
    rows.map(({ slot, stage, by, paused, ...row }) => [
      slot ?? '',
      { ...row, kind: kindOf(stage), by: by.by, held: paused === 'paused' },
    ]),
  );
}

function kindOf(stage: string): ClusterChange['kind'] {
  if (stage === 'deploy') return 'deploy';
  return stage === 'rollbackCluster' ? 'rollback' : 'other';
}
