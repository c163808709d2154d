import type { RollbackPreview } from '@/server/domain/views/execution';
import type { EverywhereRollbackPreview } from '@/server/domain/views/rollback';

/** The versions that a rollback returns to, most regions first; none where that is decided when it runs. */
export function targetVersions(preview: Pick<RollbackPreview, 'regions' | 'unseen'>): readonly string[] {
  if (preview.unseen) return [];
  const regions = new Map<string, number>();
  for (const { to } of preview.regions) if (to) regions.set(to.version, (regions.get(to.version) ?? 0) + 1);
  return [...regions].sort((a, b) => b[1] - a[1]).map(([version]) => version);
}

/** The sentence, among the words of rollbacks, on how long it takes, with its values. */
export function expectation({
  expectedSeconds: seconds,
  measured,
  startsFirst,
}: Pick<RollbackPreview, 'expectedSeconds' | 'measured' | 'startsFirst'>): {
  readonly key: 'expectedLast' | 'expectedUsually' | 'expectedStarts' | 'expectedUnknown';
  readonly values: Record<string, number>;
} {
  if (startsFirst === null) return measured ? { key: 'expectedLast', values: { seconds } } : USUALLY;
  const { instances: count } = startsFirst;
  return startsFirst.seconds === null
    ? { key: 'expectedUnknown', values: { count } }
    : { key: 'expectedStarts', values: { seconds, count } };
}

const USUALLY = { key: 'expectedUsually', values: {} } as const;

/** The same of a rollback of several environments, of which the slowest counts. */
export function expectationEverywhere({
  expectedSeconds: seconds,
  measured,
  places,
}: Pick<EverywhereRollbackPreview, 'expectedSeconds' | 'measured' | 'places'>): {
  readonly key: 'expected' | 'everywhere.expectedLast' | 'expectedUsually';
  readonly values: Record<string, number>;
} {
  if (places.some(({ possible, startsFirst }) => possible && startsFirst !== null))
    return { key: 'expected', values: { seconds } };
  return measured ? { key: 'everywhere.expectedLast', values: { seconds } } : USUALLY;
}
