import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { pipelineRevisions, pipelines } from '@/db/schema';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { askAgain, waitingForPlace } from '@/server/engine/requests/ask-again';
import type { Actor } from '@/server/services/context';
import { materializeTriggers } from '@/server/services/triggers/materialize';

/** Adds or replaces a pipeline; its revision rises, and is kept, only when it really changes. */
export async function writePipeline(
  tx: Transaction,
  actor: Actor,
  application: string,
  definition: PipelineDefinition,
): Promise<{ revision: number; changed: boolean }> {
  const [row] = await tx
    .insert(pipelines)
    .values({ application, name: definition.name, definition, updatedBy: actor.name })
    .onConflictDoUpdate({
      target: [pipelines.application, pipelines.name],
      set: {
        definition,
        revision: sql`${pipelines.revision} + 1`,
        updatedAt: sql`now()`,
        updatedBy: actor.name,
      },
      setWhere: sql`${pipelines.definition} is distinct from excluded.definition`,
    })
    .returning({ id: pipelines.id, revision: pipelines.revision });
  if (row) {
    const { id: pipelineId, revision } = row;
    await tx.insert(pipelineRevisions).values({ pipelineId, revision, definition, by: actor.name });
    await materializeTriggers(tx, application, definition);
    // Its limit may have been raised.
    await askAgain(tx, await waitingForPlace(tx, application, definition.name));
    await recordEvents(tx, [{ kind: 'pipeline', application, subject: definition.name }]);
    return { revision, changed: true };
  }
  const [same] = await tx
    .select({ revision: pipelines.revision })
    .from(pipelines)
    .where(sql`${pipelines.application} = ${application} and ${pipelines.name} = ${definition.name}`);
  return { revision: same?.revision ?? 1, changed: false };
}
