import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';

const types: StageCatalogue = stageTypes;

/** Whether a pipeline can only start with an artifact: some stage needs one that none before it gives. */
export function needsArtifact({ stages }: PipelineDefinition): boolean {
  return stages.some(
    (stage) =>
      roleOf(stage) === 'needs' && stage.config.artifact === undefined && !isGivenBefore(stages, stage),
  );
}

/** Whether a stage before this one may make or choose what it takes, so that nothing can be said of it at the start. */
export function isGivenBefore(stages: readonly StageDefinition[], stage: StageDefinition): boolean {
  const seen = new Set<string>();
  const look = (names: readonly string[]): boolean =>
    names.some((name) => {
      if (seen.has(name)) return false;
      seen.add(name);
      const before = stages.find((one) => one.refId === name);
      return before !== undefined && (roleOf(before) === 'gives' || look(before.requires));
    });
  return look(stage.requires);
}

function roleOf({ type }: StageDefinition): 'needs' | 'gives' | undefined {
  return Object.hasOwn(types, type) ? types[type]?.artifact : undefined;
}
