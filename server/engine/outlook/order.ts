import type { StageDefinition } from '@/server/domain/pipeline';

/** As written, but nothing before what it requires. */
export function inOrder(stages: readonly StageDefinition[]): StageDefinition[] {
  const placed: StageDefinition[] = [];
  let left = stages;
  while (left.length > 0) {
    const names = new Set(left.map((stage) => stage.refId));
    const [next] = left.filter(({ requires }) => !requires.some((refId) => names.has(refId)));
    // Pipelines are saved without circles; what stood in one would keep its place.
    if (!next) return [...placed, ...left];
    placed.push(next);
    left = left.filter((stage) => stage !== next);
  }
  return placed;
}
