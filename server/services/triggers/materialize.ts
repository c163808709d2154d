import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { triggers } from '@/db/schema';
import { triggerTypes } from '@/server/automation/triggers/registry';
import type { PipelineDefinition } from '@/server/domain/pipeline';

/**
 * Brings the rows of a pipeline's triggers in line with its definition, in the transaction that writes it.
 * A trigger that did not change keeps what it has seen; a changed one is armed anew and fires for nothing
 * that was there before.
 */
export async function materializeTriggers(
  tx: Transaction,
  application: string,
  definition: PipelineDefinition,
): Promise<void> {
  const wanted = definition.triggers ?? [];
  const pipeline = definition.name;
  const keys = wanted.map((trigger) => trigger.id);
  await tx
    .delete(triggers)
    .where(
      and(
        eq(triggers.application, application),
        eq(triggers.pipeline, pipeline),
        keys.length > 0 ? notInArray(triggers.key, keys) : undefined,
      ),
    );
  for (const trigger of wanted) {
    const enabled = trigger.enabled && definition.disabled !== true;
    const nextAt = enabled && triggerTypes[trigger.type]?.look ? sql`now()` : null;
    const row = {
      application,
      pipeline,
      key: trigger.id,
      type: trigger.type,
      definition: trigger,
      enabled,
      nextAt,
    };
    await tx
      .insert(triggers)
      .values(row)
      .onConflictDoUpdate({
        target: [triggers.application, triggers.pipeline, triggers.key],
        set: { type: trigger.type, definition: trigger, enabled, nextAt, state: {}, error: null },
        setWhere: sql`${triggers.definition} IS DISTINCT FROM excluded.definition OR ${triggers.enabled} <> excluded.enabled`,
      });
  }
  // What a firing was refused for may be put right by any change of the pipeline.
  await tx
    .update(triggers)
    .set({ error: null })
    .where(and(eq(triggers.application, application), eq(triggers.pipeline, pipeline)));
  await recordEvents(tx, [{ kind: 'trigger', application, subject: pipeline }]);
}
