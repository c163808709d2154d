import { type Evaluators, evaluatorsSchema, type FlagIssue, segmentKeySchema } from '@/server/domain/toggles';
import { isDeeperThan, nodesOf } from '@/server/toggles/json';
import { referenceCycle, referenceOf, referencesIn } from '@/server/toggles/references';
import { grammarIssues } from '@/server/toggles/validate/grammar';
import { MAX_DEPTH, shapeIssues } from '@/server/toggles/validate/validate-flag';

/** Parts of an expression after all segments are put in: segments of segments grow fast. */
const MAX_PARTS = 200_000;

/** Segments as a whole: their grammar, that they refer to each other rightly and never in a circle. */
export function evaluatorIssues(evaluators: unknown, path = '$evaluators'): FlagIssue[] {
  if (isDeeperThan(evaluators, MAX_DEPTH)) return [{ path, message: 'is nested too deep' }];
  const parsed = evaluatorsSchema.safeParse(evaluators);
  if (!parsed.success) return shapeIssues(parsed.error, path);
  const names = new Set(Object.keys(parsed.data));
  const own = Object.entries(parsed.data).flatMap(([name, condition]) => {
    const key = segmentKeySchema.safeParse(name);
    return key.success
      ? grammarIssues(condition, `${path}.${name}`, names)
      : shapeIssues(key.error, `${path}.${name}`);
  });
  if (own.length > 0) return own;
  const graph = new Map(
    Object.entries(parsed.data).map(([name, condition]) => [name, referencesIn(condition)] as const),
  );
  const cycle = referenceCycle(graph);
  if (cycle) {
    return [{ path: `${path}.${cycle[0]}`, message: `refers to itself: ${cycle.join(' → ')}` }];
  }
  return tooLarge(parsed.data, path);
}

function tooLarge(evaluators: Evaluators, path: string): FlagIssue[] {
  const sizes = new Map<string, number>();
  const sizeOf = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    let size = 0;
    for (const node of nodesOf(evaluators[name] ?? null)) {
      const reference = referenceOf(node);
      size += reference === null ? 1 : sizeOf(reference);
    }
    sizes.set(name, size);
    return size;
  };
  return Object.keys(evaluators)
    .filter((name) => sizeOf(name) > MAX_PARTS)
    .map((name) => ({
      path: `${path}.${name}`,
      message: 'becomes too large with the segments that it uses',
    }));
}
