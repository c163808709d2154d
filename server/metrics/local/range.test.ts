import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDuration, BUCKET_GROWTH } from '@/server/local-cloud/history/durations';
import { type GroupRange, localQuerySchema, quantileOf, valuesOf } from '@/server/metrics/local/range';

const group: GroupRange = {
  region: 'eu',
  serverGroup: 'shop-v000',
  requests: [10, 0, null],
  errors: [1, 0, null],
  durations: [[[0, 9]], [], []],
  memoryBytes: [7, null, 9],
};

function values(metric: string) {
  return valuesOf(localQuerySchema.parse({ type: 'local', metric }), group, 1.04, 5_000);
}

it('knows no errors from no requests', () => {
  expect(values('errorRatio')).toEqual([0.1, null, null]);
  expect(values('requestRate')).toEqual([2, 0, null]);
  expect(values('memory')).toEqual([7, null, 9]);
  expect(values('latency').map((value) => value !== null)).toEqual([true, false, false]);
});

it('knows what can be told apart by variants', () => {
  const said = (query: object) =>
    localQuerySchema.safeParse({ type: 'local', metric: 'errorRatio', ...query }).error?.issues[0]?.message;
  expect(said({ toggle: '${toggle}', cluster: '${cluster}' })).toBeUndefined();
  expect(said({ toggle: '${toggle}' })).toContain('needs a cluster');
  expect(said({ toggle: '${toggle}', cluster: '${cluster}', metric: 'memory' })).toContain('every variant');
});

it('gives every quantile to 2 %', () => {
  const duration = fc.double({ min: 0.0001, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0.01, max: 0.999, noNaN: true }),
      (durations, quantile) => {
        const counts = new Map<number, number>();
        for (const seconds of durations) addDuration(counts, seconds);
        const buckets = [...counts].sort(([a], [b]) => a - b);
        const found = quantileOf(buckets, quantile, BUCKET_GROWTH) ?? Number.NaN;
        const exact = durations.toSorted((a, b) => a - b)[Math.ceil(quantile * durations.length) - 1] ?? 0;
        return Math.abs(found - exact) <= 0.0201 * exact;
      },
    ),
  );
});
