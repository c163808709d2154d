import { z } from 'zod';
import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';

const deploysTo = z.object({ environment: z.string() });

/** Environment that a stage deploys to; null when it is not a deploy. */
export function environmentOf(stage: StageDefinition): string | null {
  if (stage.type !== 'deploy') return null;
  return deploysTo.safeParse(stage.config).data?.environment ?? null;
}

/** The places that a pipeline's deploy stages go to, in the order of the stages, as far as these name them. */
export function targetsOf<Place extends { readonly name: string }>(
  { stages }: Pick<PipelineDefinition, 'stages'>,
  places: readonly Place[],
): Place[] {
  const names = new Set(stages.flatMap((stage) => environmentOf(stage) ?? []));
  return [...names].flatMap((name) => places.find((place) => place.name === name) ?? []);
}

/** Where a deploy to a place goes: to all that the place's pipeline delivers to, and to the place itself. */
export function reachOf<Place extends { readonly name: string }>(
  definition: Pick<PipelineDefinition, 'stages'>,
  places: readonly Place[],
  asked: Place,
): Place[] {
  const named = targetsOf(definition, places);
  // A stage whose environment is an expression may well mean it.
  return named.some(({ name }) => name === asked.name) ? named : [asked, ...named];
}
