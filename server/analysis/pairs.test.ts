import { describe, expect, it } from 'vitest';
import { pairId, pairSeries } from '@/server/analysis/pairs';

const series = (...tags: Record<string, string>[]) =>
  tags.map((one, index) => ({ tags: one, values: [index] }));

function told(baseline: Record<string, string>[], canary: Record<string, string>[]) {
  const pairing = pairSeries(series(...baseline), series(...canary));
  if ('problem' in pairing) return pairing.problem;
  return pairing.pairs.map((pair) => [pair.tags, pair.baseline !== null, pair.canary !== null]);
}

describe('pairing the series of a metric', () => {
  it('puts equal tags together, whatever their order', () => {
    expect(told([{ a: '1', b: '2' }], [{ b: '2', a: '1' }])).toEqual([[{ a: '1', b: '2' }, true, true]]);
  });
  it('puts totals together', () => {
    expect(told([{}], [{}])).toEqual([[{}, true, true]]);
  });
  it('leaves empty what one side lacks', () => {
    expect(told([{ path: '/' }], [{ path: '/' }, { path: '/new' }])).toEqual([
      [{ path: '/' }, true, true],
      [{ path: '/new' }, false, true],
    ]);
    expect(told([], [{}])).toEqual([[{}, false, true]]);
    expect(told([], [])).toEqual([]);
  });
  it('does not use a total where the other side is told apart by tags', () => {
    expect(told([{}], [{ path: '/' }])).toEqual([[{ path: '/' }, false, true]]);
    expect(told([{}, { path: '/' }], [{ path: '/' }])).toEqual([[{ path: '/' }, true, true]]);
  });
  it('says when the sides are told apart by different names', () => {
    expect(told([{ path: '/' }], [{ route: '/' }])).toMatch(/path.*route.*cannot be compared/);
  });
});

it('knows a pair by its metric and its tags', () => {
  expect(pairId('errors', {})).toBe('errors');
  expect(pairId('errors', { b: '2', a: '1' })).toBe(pairId('errors', { a: '1', b: '2' }));
  expect(pairId('errors', { a: '1' })).not.toBe(pairId('errors', { a: '2' }));
});
