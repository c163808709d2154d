import { environmentOf } from '@/server/domain/deploy-targets';
import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';

/** A stage that a gate holds back. */
export interface GatedStage {
  readonly stage: StageDefinition;
  /** It starts as soon as the gate opens, as far as the gate is concerned. */
  readonly next: boolean;
  /** Environment it deploys to, where it does. */
  readonly environment: string | null;
}

/** Everything that cannot start before the gate is decided, nearest first. */
export function gatedStages(definition: PipelineDefinition, gate: string): GatedStage[] {
  const behind = new Set([gate]);
  const found: GatedStage[] = [];
  for (let grew = true; grew; ) {
    const next = definition.stages.filter(
      (stage) => !behind.has(stage.refId) && stage.requires.some((required) => behind.has(required)),
    );
    for (const stage of next) {
      behind.add(stage.refId);
      found.push({ stage, next: stage.requires.includes(gate), environment: environmentOf(stage) });
    }
    grew = next.length > 0;
  }
  return found;
}

/** The environment that a decision is about: where the nearest gated deploy goes, else the execution's. */
export function targetEnvironment(ofExecution: string | null, gated: readonly GatedStage[]): string | null {
  return gated.find((one) => one.environment !== null)?.environment ?? ofExecution;
}
