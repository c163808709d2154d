import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '@/server/canary/netflix/classify';
import { netflix } from '@/server/canary/netflix/judge';
import { judge, score } from '@/server/canary/netflix/score';
import { transform } from '@/server/canary/netflix/transform';
import { cles } from '@/server/canary/stats/cles';
import { shiftInterval } from '@/server/canary/stats/mann-whitney';
import { percentile } from '@/server/canary/stats/percentile';
import { averageRanks } from '@/server/canary/stats/ranks';
import {
  canaryConfigSchema,
  type MetricAnalysis,
  type MetricLabel,
  type MetricResult,
} from '@/server/domain/canary';
import { message } from '@/server/domain/message';

const times = (value: number, count: number) => Array<number>(count).fill(value);
const label = (x: readonly number[], y: readonly number[], analysis: MetricAnalysis = {}) =>
  classify(x, y, analysis).label;

describe('the interval of a shift', () => {
  it.each([
    ['well apart', [10, 11], [1, 2], 8, 10, 9],
    ['close', [10, 11], [9, 9.5], 0.5, 2, 1.25],
    ['one against three', [10], [1, 2, 3], 7, 9, 8],
    ['one outlier', [1, 1, 1, 1, 10], times(1, 5), 0, 9, 0],
    ['one below', [0, 1, 1, 1, 1], times(1, 5), -1, 0, 0],
    ['all above', [20, 22, 21, 25, 30], [1, 2.2, 1.1, 2.5, 3], 17.0001, 28.9999, 20],
  ])('%s', (_what, x, y, lower, upper, estimate) => {
    const interval = shiftInterval(x, y, 2.3263478740408408);
    expect(interval.lower).toBeCloseTo(lower, 3);
    expect(interval.upper).toBeCloseTo(upper, 3);
    expect(interval.estimate).toBeCloseTo(estimate, 1);
  });

  it('is that of R for four against four at 95 %', () => {
    const { lower, upper, estimate } = shiftInterval([10, 20, 30, 40], [1, 2, 3, 4], 1.959963984540054);
    expect([lower, upper].map((value) => Math.round(value * 1e3) / 1e3)).toEqual([6, 39]);
    expect(estimate).toBeCloseTo(22.5, 1);
  });

  it('moves with its data and turns around with its sides', () => {
    const side = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: -1_000, max: 1_000 }), (x, y, by) => {
        fc.pre(new Set(x).size > 1 && new Set(y).size > 1);
        const before = shiftInterval(x, y, 2.326);
        const after = shiftInterval(
          x.map((value) => value + by),
          y,
          2.326,
        );
        expect(after.lower - before.lower).toBeCloseTo(by, 2);
        expect(after.upper - before.upper).toBeCloseTo(by, 2);
        const turned = shiftInterval(y, x, 2.326);
        expect(turned.lower + before.upper).toBeCloseTo(0, 2);
      }),
    );
  });
});

describe('one metric', () => {
  const seven = (plus: number) => Array.from({ length: 60 }, (_, index) => 100 + plus + (index % 7));
  const cases: [string, number[], number[], MetricAnalysis, MetricLabel][] = [
    ['identical in any order', [1, 2, 3], [3, 1, 2], {}, 'Pass'],
    ['constant and equal, of other lengths', times(5, 3), times(5, 8), {}, 'Pass'],
    ['constant and different', times(10, 5), times(1, 5), {}, 'High'],
    ['something where there was nothing', times(10, 5), times(0, 5), {}, 'High'],
    ['nothing where there was something', times(0, 5), times(10, 5), {}, 'Low'],
    [
      'nothing where there was something, of which only more counts',
      times(0, 5),
      times(10, 5),
      { direction: 'increase' },
      'Pass',
    ],
    ['two points each, apart', [10, 11], [1, 2], {}, 'High'],
    ['one point against zeros', [5], times(0, 4), {}, 'Error'],
    ['one point against three', [10], [1, 2, 3], {}, 'High'],
    ['one outlier', [1, 1, 1, 1, 10], times(1, 5), {}, 'Pass'],
    ['one below', [0, 1, 1, 1, 1], times(1, 5), { direction: 'decrease' }, 'Pass'],
    [
      'a tenth more of a wide spread',
      Array.from({ length: 20 }, (_, i) => 1.1 * (i + 1)),
      Array.from({ length: 20 }, (_, i) => i + 1),
      {},
      'Pass',
    ],
    ['a small shift that is sure', seven(3), seven(0), {}, 'High'],
    ['a small shift that is allowed', seven(3), seven(0), { effectSize: { allowedIncrease: 1.03 } }, 'Pass'],
    [
      'a direction that nobody knows counts as both',
      times(10, 5),
      times(1, 5),
      { direction: 'sideways' },
      'High',
    ],
    ['no data', [], [1], {}, 'Nodata'],
    ['no data that must be there', [], [1], { mustHaveData: true }, 'NodataFailMetric'],
    ['no data that must be there, critical', [], [1], { mustHaveData: true, critical: true }, 'Nodata'],
    ['no data, replaced', [], [1], { nanStrategy: 'replace', mustHaveData: true, critical: true }, 'Pass'],
  ];
  it.each(cases)('%s', (_what, x, y, analysis, expected) => {
    expect(label(x, y, analysis)).toBe(expected);
  });

  it.each([
    // One point each: at the end of the range everything is tied as long as the subtraction is exact.
    ['one point each, close', [10], [9], 'Error'],
    ['one point each, far apart', [100], [1], 'High'],
    ['zeros against one point', times(0, 4), [5], 'Error'],
    // The tolerance of the search is in the metric's unit, so that it ends where it began.
    ['values under its tolerance, apart', [3e-5, 3.5e-5, 4e-5, 4e-5], [1e-5, 1.5e-5, 2e-5, 2.2e-5], 'High'],
    [
      'values under its tolerance, overlapping at the ends',
      [1e-5, ...times(9e-5, 30)],
      [...times(1e-5, 30), 2e-5],
      'Pass',
    ],
    ['an infinite value', [1, 2, Number.POSITIVE_INFINITY, 3], [1, 2, 3, 4], 'Pass'],
    [
      'infinite values on both sides',
      [1, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, 2, 3],
      'Pass',
    ],
  ] as const)('%s', (_what, x, y, expected) => {
    expect(classify(x, y, {}, () => 0.37).label).toBe(expected);
  });

  it('takes a direction and a measure at their word only', () => {
    const [x, y] = [times(10, 5), times(1, 5)];
    expect(label(x, y, { direction: 'Decrease' })).toBe('High');
    expect(label(x, y, { direction: 'decrease' })).toBe('Pass');
    expect(label(x, y, { effectSize: { measure: 'CLES', allowedIncrease: 1.5 } })).toBe('High');
    expect(label(x, y, { effectSize: { measure: 'cles', allowedIncrease: 1.5 } })).toBe('Pass');
  });

  it('cannot be excused by an allowance when the baseline is zero', () => {
    const allowed = { effectSize: { allowedIncrease: 1_000, criticalIncrease: 1_000 } };
    const result = classify(times(10, 5), times(0, 5), { ...allowed, critical: true });
    expect(result).toMatchObject({ label: 'High', critical: true, ratio: null });
  });

  it('is critical only when it is as bad as that', () => {
    const [x, y] = [times(10, 5), times(5, 5)];
    const critical = (effectSize: MetricAnalysis['effectSize']) =>
      classify(x, y, { critical: true, effectSize });
    expect(critical({ criticalIncrease: 1.5 })).toMatchObject({ label: 'High', critical: true });
    expect(critical({ criticalIncrease: 3 })).toMatchObject({ label: 'High', critical: false });
    expect(classify([], y, { critical: true })).toMatchObject({ label: 'Nodata', critical: true });
  });

  it('tells its ratio, also when it is measured otherwise', () => {
    expect(classify([20, 22, 21, 25, 30], [1, 2.2, 1.1, 2.5, 3], {}).ratio).toBeCloseTo(12.0408, 4);
    expect(classify(times(10, 5), times(0, 5), {}).ratio).toBeNull();
    expect(classify([2, 3, 4], [1, 2, 3], { effectSize: { measure: 'cles' } }).ratio).toBe(1.5);
  });

  it('turns around when its sides do', () => {
    const side = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 20 });
    const turned: Partial<Record<MetricLabel, MetricLabel>> = { High: 'Low', Low: 'High' };
    fc.assert(
      fc.property(side, side, (x, y) => {
        const there = label(x, y, { effectSize: { allowedIncrease: 0, allowedDecrease: 1e9 } });
        const back = label(y, x, { effectSize: { allowedIncrease: 0, allowedDecrease: 1e9 } });
        expect(back).toBe(turned[there] ?? there);
      }),
    );
  });
});

describe('the parts', () => {
  it('rank with ties averaged', () => {
    expect([...averageRanks(Float64Array.from([3, 1, 3, 2])).ranks]).toEqual([3.5, 1, 3.5, 2]);
    expect(averageRanks(Float64Array.from([1, 1, 1, 2, 2])).ties).toEqual([3, 2]);
  });
  it('find percentiles between ranks', () => {
    expect([0, 25, 50, 90, 100].map((p) => percentile([1, 2, 3, 4], p))).toEqual([1, 1.75, 2.5, 3.7, 4]);
  });
  it('count the chance of being larger', () => {
    expect(cles([2, 3], [1, 2])).toBe(0.875);
    expect(cles([1, 2], [1, 2])).toBe(0.5);
  });
  it('leave out what lies far beyond, and fill or drop gaps', () => {
    const noisy = [...Array.from({ length: 200 }, (_, i) => i % 10), 1_000, Number.NaN];
    const remove = { outliers: { strategy: 'remove', outlierFactor: 3 } };
    expect(transform(noisy, remove)).toHaveLength(200);
    expect(transform(noisy, {})).toHaveLength(201);
    expect(transform(noisy, { nanStrategy: 'replace' }).at(-1)).toBe(0);
    expect(transform([], remove)).toEqual([]);
  });
});

describe('the score', () => {
  const result = (
    groups: string[],
    classification: MetricLabel,
    more: Partial<MetricResult> = {},
  ): MetricResult => {
    const stats = { count: 1, min: 0, max: 0, mean: 0, std: 0 };
    return {
      name: 'm',
      id: 'm',
      tags: {},
      groups,
      muted: false,
      classification,
      classificationReason: null,
      critical: false,
      experimentStats: stats,
      controlStats: stats,
      ratio: 1,
      sentence: message('literal'),
      ...more,
    };
  };
  const cases: [string, MetricResult[], Record<string, number>, number][] = [
    ['one of three', [result(['g'], 'Pass'), result(['g'], 'High'), result(['g'], 'Low')], {}, 33.33],
    ['by weight', [result(['a'], 'Pass'), result(['b'], 'High')], { a: 75, b: 25 }, 75],
    [
      'half of a half',
      [result(['a'], 'Pass'), result(['a'], 'High'), result(['b'], 'High')],
      { a: 50, b: 50 },
      25,
    ],
    [
      'a group without data counts as passed',
      [result(['a'], 'Pass'), result(['a'], 'Pass'), result(['b'], 'Nodata')],
      {},
      100,
    ],
    ['nothing but missing data', [result(['a'], 'Nodata')], {}, 0],
    [
      'few of a light group',
      [result(['a'], 'High'), result(['a'], 'Low'), result(['a'], 'Pass'), result(['b'], 'High')],
      { a: 15, b: 85 },
      5,
    ],
    [
      'missing data in a group is left out',
      [result(['a'], 'Pass'), result(['a'], 'Nodata'), result(['b'], 'High')],
      { a: 50, b: 50 },
      50,
    ],
    ['a critical failure', [result(['a'], 'Pass'), result(['a'], 'High', { critical: true })], {}, 0],
    [
      'a muted failure',
      [result(['a'], 'Pass'), result(['a'], 'High', { muted: true, critical: true })],
      {},
      100,
    ],
    ['an error alone is not seen', [result(['a'], 'Error')], {}, 100],
    [
      'data that must be there counts against',
      [result(['a'], 'Pass'), result(['a'], 'NodataFailMetric')],
      {},
      50,
    ],
    ['weights without a metric take their part', [result(['a'], 'Pass')], { z: 40 }, 60],
    [
      'weights beyond 100 turn against the rest',
      [result(['a'], 'Pass'), result(['b'], 'Pass')],
      { a: 150 },
      100,
    ],
    ['weights under 100 lower the best score', [result(['a'], 'Pass')], { a: 80 }, 80],
    ['a metric in two groups counts in both', [result(['a', 'b'], 'Pass'), result(['b'], 'High')], {}, 75],
    ['a metric in no group counts in none', [result(['a'], 'Pass'), result([], 'High')], {}, 100],
    ['nothing to score', [result(['a'], 'Pass', { muted: true })], {}, 0],
    ['half without data', [result(['a'], 'Pass'), result(['a'], 'Nodata')], {}, 0],
    ['a group with the name of something else', [result(['constructor'], 'Pass')], {}, 100],
    ['a weight next to nothing', [result(['a'], 'High'), result(['b'], 'Pass')], { a: 100 - 1e-7 }, 0],
  ];
  it.each(cases)('%s', (_what, results, weights, expected) => {
    expect(score(results, weights).score).toBe(expected);
  });

  it('names the first critical failure and still scores the groups', () => {
    const results = [
      result(['a'], 'Pass'),
      result(['a'], 'Nodata', { critical: true, classificationReason: 'Missing data' }),
      result(['b'], 'High', { critical: true, classificationReason: 'later' }),
    ];
    expect(score(results, {})).toEqual({
      score: 0,
      reason: 'Canary Failed: Missing data',
      groupScores: [
        { name: 'a', score: 100, noData: false },
        { name: 'b', score: 0, noData: false },
      ],
    });
  });

  it.each([
    [75, 'Pass'],
    [74.99, 'Marginal'],
    [50, 'Marginal'],
    [49.99, 'Fail'],
  ])('of %d is %s', (value, expected) => {
    expect(judge(value, { pass: 75, marginal: 50 })).toBe(expected);
  });

  it('passes a critical failure when the thresholds are zero', () => {
    expect(judge(0, { pass: 0, marginal: 0 })).toBe('Pass');
  });

  it('reads a configuration of Kayenta unchanged and judges all of it', () => {
    const config = canaryConfigSchema.parse({
      name: 'latency',
      configVersion: '1',
      judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
      metrics: [
        {
          name: 'p99',
          query: { type: 'prometheus', metricName: 'x', groupByFields: ['zone'] },
          groups: ['latency'],
          analysisConfigurations: { canary: { direction: 'increase', critical: true } },
          scopeName: 'default',
        },
      ],
      classifier: { groupWeights: { latency: 100 }, scoreThresholds: { pass: 95, marginal: 75 } },
    });
    const pair = { name: 'p99', id: 'p99', tags: { zone: 'a' }, control: [1, 2, 3, 2, 1, Number.NaN] };
    const thresholds = { pass: 95, marginal: 75 };
    const good = netflix.judge({ config, thresholds, pairs: [{ ...pair, experiment: [2, 1, 2, 3, 1] }] });
    expect(good).toMatchObject({ score: 100, classification: 'Pass' });
    const bad = netflix.judge({ config, thresholds, pairs: [{ ...pair, experiment: [20, 21, 19, 22, 20] }] });
    expect(bad).toMatchObject({
      score: 0,
      classification: 'Fail',
      results: [{ classification: 'High', critical: true }],
    });
    expect(bad.classificationReason).toContain('Canary Failed');
  });
});

describe('the whole judgement', () => {
  const config = canaryConfigSchema.parse({
    name: 'two',
    description: null,
    metrics: ['a', 'b'].map((name) => ({
      name,
      query: { type: 'prometheus', customInlineTemplate: null },
      groups: ['g'],
      analysisConfigurations: { canary: { direction: 'increase', effectSize: null } },
    })),
  });
  const thresholds = { pass: 75, marginal: 50 };
  const pair = (name: string, experiment: number[], error?: string) => {
    const measured = { name, id: name, tags: {}, experiment, control: [1, 2, 3, 4] };
    return error === undefined ? measured : { ...measured, error };
  };

  it('takes null for what was not set', () => {
    expect(config.description).toBeUndefined();
    expect(config.metrics[0]?.query).toEqual({ type: 'prometheus' });
  });

  it('says what follows: a score that is just marginal fails', () => {
    const judgement = netflix.judge({
      config,
      thresholds,
      pairs: [pair('a', [1, 2, 3, 4]), pair('b', [11, 12, 13, 14])],
    });
    expect(judgement).toMatchObject({ score: 50, classification: 'Marginal', action: 'fail' });
    expect(judgement.sentence).toEqual(message('canary.metric.netflixHighBy', { metric: 'b', ratio: 5 }));
  });

  it('has no data for a metric without any pair', () => {
    const judgement = netflix.judge({ config, thresholds, pairs: [pair('a', [1, 2, 3, 4])] });
    expect(judgement.results.map(({ classification }) => classification)).toEqual(['Pass', 'Nodata']);
    expect(judgement).toMatchObject({ score: 0, action: 'fail' });
  });

  it('asks a person when a query failed, and says why', () => {
    const judgement = netflix.judge({
      config,
      thresholds,
      pairs: [pair('a', [1, 2, 3, 4]), pair('b', [], 'connection refused')],
    });
    expect(judgement).toMatchObject({ classification: 'Inconclusive', action: 'askPerson' });
    expect(judgement.sentence.values).toMatchObject({ metric: 'b', reason: 'connection refused' });
  });
});
