import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf } from '@/server/canary/signalbox/change';
import { ALPHA } from '@/server/canary/signalbox/critical';
import { normalQuantile } from '@/server/canary/stats/normal';
import { judgeCases, type MetricCase } from '@/server/canary/testing/cases';
import type { MetricAssessment, MetricKind } from '@/server/domain/canary';

const CRITICAL = normalQuantile(ALPHA / 2);

/** Bounds are found by halving; they are right to about that. */
const SLACK = 1e-4;

const level = fc.double({ min: 0.5, max: 4, noNaN: true });
const count = fc.nat({ max: 6 });
const kinds: [MetricKind, fc.Arbitrary<number>][] = [
  ['latency', level],
  ['counter', count],
  ['gauge', fc.integer({ min: -5, max: 5 })],
];
/** Both sides of a metric of any kind. */
const metric: fc.Arbitrary<MetricCase> = fc.oneof(
  ...kinds.map(([kind, value]) => {
    const side = fc.array(value, { minLength: 5, maxLength: 40 });
    return fc.record({ kind: fc.constant(kind), canary: side, baseline: side });
  }),
);

function assess(one: MetricCase): MetricAssessment {
  const assessment = judgeCases([one]).results[0]?.assessment;
  if (!assessment) throw new Error('nothing was judged');
  return assessment;
}

const map = ({ canary, baseline, ...rest }: MetricCase, to: (value: number) => number): MetricCase => ({
  ...rest,
  canary: canary.map(to),
  baseline: baseline.map(to),
});

const sideOf = (values: readonly number[]) => ({ grid: values, values, countedAsZero: 0 });

function changed({ canary, baseline, kind = 'gauge' }: MetricCase) {
  return changeOf(sideOf(canary), sideOf(baseline), kind);
}

function close(a: number | null, b: number | null): void {
  if (a === null || b === null || !Number.isFinite(b)) expect(a).toBe(b);
  else expect(Math.abs(a - b)).toBeLessThan(SLACK * (1 + Math.abs(b)));
}

describe('the judge', () => {
  it('does not know the unit of a metric', () => {
    const factor = fc.oneof(
      fc.constantFrom(1e-9, 1e-3, 1_024, 1e12),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
    );
    fc.assert(
      fc.property(metric, factor, (one, by) => {
        const [before, after] = [assess(one), assess(map(one, (value) => value * by))];
        close(after.change.estimate, before.change.estimate);
        close(after.change.lower, before.change.lower);
        close(after.change.upper, before.change.upper);
      }),
    );
  });

  it('gives the very same verdict in a unit that is a power of two', () => {
    fc.assert(
      fc.property(metric, fc.integer({ min: -60, max: 60 }), (one, power) => {
        expect(assess(map(one, (value) => value * 2 ** power))).toEqual(assess(one));
      }),
    );
  });

  it('calls an increase a decrease when the sides are turned around', () => {
    const turned = { High: 'Low', Low: 'High' } as const;
    const positive = fc.array(level, { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0.3, max: 3, noNaN: true }), (x, y, by) => {
        const canary = x.map((value) => value * by);
        const there = judgeCases([{ canary, baseline: y }]).results[0];
        const back = judgeCases([{ canary: y, baseline: canary }]).results[0];
        const label = there?.classification;
        expect(back?.classification).toBe(label === 'High' || label === 'Low' ? turned[label] : label);
        const [lower, upper] = [there?.assessment?.change.lower, back?.assessment?.change.upper];
        if (typeof lower === 'number' && typeof upper === 'number') close((1 + lower) * (1 + upper), 1);
      }),
    );
  });

  it('estimates the same whatever the order of the points is', () => {
    const shuffled = metric.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray([...one.canary], { minLength: one.canary.length }),
        fc.shuffledSubarray([...one.baseline], { minLength: one.baseline.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([one, canary, baseline]) => {
        const [before, after] = [changed(one), changed({ ...one, canary, baseline })];
        close(after.estimate, before.estimate);
        // Only how alike neighbours are depends on the order, and it can make the interval but wider.
        expect(Math.min(before.inflation, after.inflation)).toBeGreaterThanOrEqual(1);
        if (before.inflation === after.inflation) {
          close(after.bounds(CRITICAL).lower, before.bounds(CRITICAL).lower);
          close(after.bounds(CRITICAL).upper, before.bounds(CRITICAL).upper);
        }
      }),
    );
  });

  it('never fails a metric that had passed because both sides got the same points', () => {
    const near = fc.array(fc.double({ min: 9, max: 11, noNaN: true }), { minLength: 12, maxLength: 40 });
    const more = fc.array(fc.double({ min: 1, max: 30, noNaN: true }), { minLength: 1, maxLength: 20 });
    let passed = 0;
    fc.assert(
      fc.property(near, near, more, (canary, baseline, points) => {
        if (assess({ canary, baseline }).verdict !== 'pass') return;
        passed += 1;
        const longer = { canary: [...canary, ...points], baseline: [...baseline, ...points] };
        expect(assess(longer).verdict).not.toBe('fail');
      }),
    );
    expect(passed).toBeGreaterThan(20);
  });

  it('keeps its estimate within its interval, and widens it with the certainty that is asked for', () => {
    fc.assert(
      fc.property(metric, (one) => {
        const change = changed(one);
        const [narrow, wide] = [change.bounds(1.5), change.bounds(3)];
        expect(wide.lower <= narrow.lower || Math.abs(wide.lower - narrow.lower) < SLACK).toBe(true);
        expect(wide.upper >= narrow.upper || Math.abs(wide.upper - narrow.upper) < SLACK).toBe(true);
        if (!Number.isFinite(change.estimate)) return;
        const slack = SLACK * (1 + Math.abs(change.estimate));
        expect(change.estimate).toBeGreaterThanOrEqual(narrow.lower - slack);
        expect(change.estimate).toBeLessThanOrEqual(narrow.upper + slack);
      }),
    );
  });

  it('answers the same to the same, whatever it is given', () => {
    const anything = fc.array(fc.double(), { maxLength: 30 });
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.constantFrom('counter', 'ratio', 'gauge', 'latency'),
        (canary, baseline, kind) => {
          const one = { kind, canary, baseline } as const;
          const judgement = judgeCases([one]);
          expect(judgeCases([one])).toEqual(judgement);
          expect(judgement.score === 100).toBe(judgement.results[0]?.assessment?.verdict === 'pass');
        },
      ),
    );
  });
});
