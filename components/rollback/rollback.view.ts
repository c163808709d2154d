import type { RollbackPreview } from '@/server/domain/views/execution';

/** The versions that a rollback returns to, most regions first. */
export function targetVersions(preview: Pick<RollbackPreview, 'regions'>): readonly string[] {
  const regions = new Map<string, number>();
  for (const { to } of preview.regions) if (to) regions.set(to.version, (regions.get(to.version) ?? 0) + 1);
  return [...regions].sort((a, b) => b[1] - a[1]).map(([version]) => version);
}

/** The sentence, among the words of rollbacks, on how long it takes, with its values. */
export function expectation({
  expectedSeconds: seconds,
  startsFirst,
}: Pick<RollbackPreview, 'expectedSeconds' | 'startsFirst'>): {
  readonly key: 'expected' | 'expectedStarts' | 'expectedUnknown';
  readonly values: Record<string, number>;
} {
  if (startsFirst === null) return { key: 'expected', values: { seconds } };
  const key = startsFirst.seconds === null ? 'expectedUnknown' : 'expectedStarts';
  return { key, values: { seconds, count: startsFirst.instances } };
}
