import type { Transaction } from '@/db/client';
import { stageEdges, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { type Message, message } from '@/server/domain/message';
import { DEFAULT_FAILURE_POLICY, type StageDefinition } from '@/server/domain/pipeline';

/** The row of a stage as its definition has it, apart from how it stands. */
export function stageColumns(executionId: string, stage: StageDefinition, position: number) {
  return {
    executionId,
    refId: stage.refId,
    type: stage.type,
    name: message('literal', { text: stage.name }),
    config: stage.config,
    requires: stage.requires,
    position,
    onFailure: stage.onFailure ?? DEFAULT_FAILURE_POLICY,
    runWhen: stage.when ?? null,
    timeoutSeconds: stage.timeoutSeconds ?? null,
    window: stage.window ?? null,
  };
}

/**
 * Writes the stages of a new execution and what each requires.
 * @param names by refId, of stages that we have named and people have not.
 */
export async function insertStages(
  tx: Transaction,
  executionId: string,
  definitions: readonly StageDefinition[],
  names: Readonly<Record<string, Message>> = {},
): Promise<void> {
  const rows = await tx
    .insert(stages)
    .values(
      definitions.map((stage, position) => ({
        ...stageColumns(executionId, stage, position),
        ...namedBy(names[stage.refId], stage),
        openUpstream: new Set(stage.requires).size,
      })),
    )
    .returning({ id: stages.id, refId: stages.refId });
  const idOf = new Map(rows.map((row) => [row.refId, row.id]));
  const edges = definitions.flatMap((stage) =>
    [...new Set(stage.requires)].map((required) => ({
      fromId: idFor(idOf, required, stage.refId),
      toId: idFor(idOf, stage.refId, stage.refId),
    })),
  );
  if (edges.length > 0) await tx.insert(stageEdges).values(edges);
}

/** The definition's own name stays beside, for expressions. */
function namedBy(name: Message | undefined, { name: text }: StageDefinition): { name?: Message } {
  return name === undefined ? {} : { name: message(name.key, { ...name.values, text }) };
}

function idFor(idOf: ReadonlyMap<string, string>, refId: string, usedBy: string): string {
  const id = idOf.get(refId);
  if (!id)
    throw new AppError(
      'bad_request',
      `Stage "${usedBy}" requires "${refId}", which the pipeline does not have.`,
    );
  return id;
}
