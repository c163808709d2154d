import { describe, expect, it } from 'vitest';
import { assessment, metricResult, netflixResult } from '@/components/canary/canary.fixture';
import { distributionOf } from '@/components/canary/distribution.view';
import { boundless, intervalPlot } from '@/components/canary/interval.view';
import {
  filteredResults,
  groupRows,
  looksAhead,
  openAtFirst,
  seriesFor,
  verdictCounts,
  worst,
} from '@/components/canary/report.view';
import { chartSpan, extent, seriesRows, sparkPaths, standsAlone } from '@/components/canary/series.view';
import { sideColours } from '@/components/canary/sides.view';
import { byGravity, countsAsFailed, verdictOf } from '@/components/canary/verdict.view';
import { canaryConfigSchema, type Judgement } from '@/server/domain/canary';
import { message } from '@/server/domain/message';
import type { LookView } from '@/server/domain/views/canary';

const failed = (name: string, more = {}) =>
  metricResult(name, { classification: 'High', assessment: assessment({ verdict: 'fail' }), ...more });
const unknown = (name: string, verdict: 'inconclusive' | 'noData' | 'error', more = {}) =>
  metricResult(name, { assessment: assessment({ verdict, policy: 'askPerson' }), ...more });

describe('the verdict on a metric', () => {
  it('is told in the same words whichever judge gave it', () => {
    expect(verdictOf(metricResult('a'))).toBe('pass');
    expect(verdictOf(netflixResult('a', { classification: 'Low' }))).toBe('fail');
    expect(verdictOf(netflixResult('a', { classification: 'NodataFailMetric' }))).toBe('noData');
    expect(verdictOf(netflixResult('a', { classification: 'Error' }))).toBe('error');
  });

  it('counts what is not known as failed where the configuration says so', () => {
    const silent = assessment({ verdict: 'noData', policy: 'fail' });
    expect(countsAsFailed(metricResult('a', { assessment: silent }))).toBe(true);
    expect(countsAsFailed(unknown('a', 'noData'))).toBe(false);
  });

  it('stands gravest first and what is muted last', () => {
    const order = byGravity([
      metricResult('well'),
      failed('muted', { muted: true }),
      unknown('error', 'error'),
      unknown('unclear', 'inconclusive'),
      failed('bad'),
      unknown('critical unknown', 'noData', { critical: true }),
      failed('critical', { critical: true }),
    ]);
    expect(order.map(({ name }) => name)).toEqual([
      'critical',
      'bad',
      'critical unknown',
      'unclear',
      'error',
      'well',
      'muted',
    ]);
  });
});

describe('the list of metrics', () => {
  const results = [
    metricResult('p99', { groups: ['latency'] }),
    failed('Error ratio', { groups: ['errors'] }),
    unknown('heap', 'noData', { groups: [] }),
  ];

  it('is filtered by group, verdict and name together', () => {
    const all = { group: null, verdict: null, name: '' };
    expect(filteredResults(results, { ...all, group: 'errors' }).map((one) => one.name)).toEqual([
      'Error ratio',
    ]);
    expect(filteredResults(results, { ...all, group: 'ungrouped' }).map((one) => one.name)).toEqual(['heap']);
    expect(filteredResults(results, { ...all, verdict: 'pass' }).map((one) => one.name)).toEqual(['p99']);
    expect(filteredResults(results, { ...all, name: ' ERROR' })).toHaveLength(1);
    expect(filteredResults(results, { ...all, verdict: 'pass', group: 'errors' })).toEqual([]);
  });

  it('counts the verdicts that there are', () => {
    expect(verdictCounts(results)).toEqual([
      { verdict: 'pass', count: 1 },
      { verdict: 'fail', count: 1 },
      { verdict: 'noData', count: 1 },
    ]);
  });

  it('opens what decided, and of a good report only the first', () => {
    expect([...openAtFirst(results)]).toEqual(['Error ratio', 'heap']);
    expect([...openAtFirst([metricResult('a'), metricResult('b')])]).toEqual(['a']);
    expect(openAtFirst([]).size).toBe(0);
  });

  it('has its gravest for small places, muted ones left out', () => {
    expect(
      worst([metricResult('a'), failed('b'), failed('c', { muted: true })], 2).map((one) => one.name),
    ).toEqual(['b', 'a']);
  });
});

describe('the groups', () => {
  const judgement = (names: readonly string[]): Judgement => ({
    judge: 'signalbox-v1',
    score: 50,
    highestScore: 50,
    classification: 'Fail',
    classificationReason: null,
    action: 'fail',
    sentence: message('canary.outcome.nothing'),
    groupScores: names.map((name) => ({ name, score: 50, noData: false })),
    results: names.map((name) => failed(name, { groups: [name] })),
  });
  const config = (groupWeights: Record<string, number>) =>
    canaryConfigSchema.parse({
      name: 'case',
      metrics: [{ name: 'a', query: { type: 'local' } }],
      classifier: { groupWeights },
    });
  const weights = (names: readonly string[], given: Record<string, number>) =>
    groupRows(judgement(names), config(given)).map(({ weight }) => weight);

  it('share what the given weights leave', () => {
    expect(weights(['a', 'b', 'c'], { a: 60 })).toEqual([0.6, 0.2, 0.2]);
    expect(weights(['a', 'b'], {})).toEqual([0.5, 0.5]);
  });

  it('have their part of weights that are not a hundred together', () => {
    expect(weights(['a', 'b'], { a: 30, b: 10 })).toEqual([0.75, 0.25]);
    expect(weights(['a', 'b'], { a: 100 })).toEqual([0.5, 0.5]);
  });

  it('count their metrics and the failed among them', () => {
    expect(groupRows(judgement(['a']), config({}))).toMatchObject([{ metrics: 1, failed: 1 }]);
  });
});

describe('the looks', () => {
  it('still to come are as many as planned, and none at the end', () => {
    expect(looksAhead({ endedAt: null, looks: 2, plannedLooks: 6 })).toBe(4);
    expect(looksAhead({ endedAt: null, looks: 8, plannedLooks: 6 })).toBe(0);
    expect(looksAhead({ endedAt: '2026-11-21T10:00:00Z', looks: 2, plannedLooks: 6 })).toBe(0);
  });

  const look = (number: number, endMs: number, kept: boolean): LookView => ({
    number,
    judgedAt: '2026-11-21T10:00:00Z',
    startMs: 0,
    endMs,
    stepMs: 10,
    judgement: { ...EMPTY },
    measurements: kept
      ? [
          {
            name: 'a',
            id: 'a',
            tags: {},
            queries: { baseline: null, canary: null },
            warnings: [],
            baseline: [1],
            canary: [2],
            error: null,
          },
        ]
      : null,
  });

  it('draw their own series, or a later look’s that holds the same points', () => {
    expect(seriesFor([look(1, 10, true), look(2, 20, true)])?.grid.endMs).toBe(10);
    expect(seriesFor([look(1, 10, false), look(2, 20, true)])?.grid.endMs).toBe(20);
    expect(seriesFor([look(1, 10, false), null])).toBeNull();
  });
});

const EMPTY: Judgement = {
  judge: 'signalbox-v1',
  score: 0,
  highestScore: 0,
  classification: 'Pass',
  classificationReason: null,
  action: 'pass',
  sentence: message('canary.outcome.nothing'),
  groupScores: [],
  results: [],
};

describe('an interval against its limit', () => {
  it('has its limit at the same place whatever the limit is', () => {
    const wide = assessment({ limit: { increase: 0.5, decrease: null } });
    expect(intervalPlot(metricResult('a'), false)?.upperLimit).toBeCloseTo(0.7);
    expect(intervalPlot(metricResult('a', { assessment: wide }), false)?.upperLimit).toBeCloseTo(0.7);
  });

  it('is cut at the ends of a small plot and whole in a large one', () => {
    const far = assessment({ change: { estimate: 2, lower: 1, upper: 3, confidence: 0.98 } });
    const small = intervalPlot(metricResult('a', { assessment: far }), false);
    expect(small?.interval).toEqual({ from: 1, to: 1, opensLeft: false, opensRight: true });
    const large = intervalPlot(metricResult('a', { assessment: far }), true);
    expect(large?.interval?.opensRight).toBe(false);
    expect(large?.interval?.to).toBeLessThan(1);
  });

  it('does not reach below nothing in a large plot', () => {
    const far = assessment({ change: { estimate: 3, lower: 2, upper: 4, confidence: 0.98 } });
    const plot = intervalPlot(metricResult('a', { assessment: far }), true);
    expect(plot?.ends[0]).toBe(-1);
    expect(plot?.centre).toBeLessThan(0.2);
    expect(plot?.interval).toMatchObject({ opensLeft: false, opensRight: false });
  });

  it('goes on to the end where it has no bound', () => {
    const open = assessment({ change: { estimate: 0.1, lower: 0.02, upper: null, confidence: 0.98 } });
    expect(intervalPlot(metricResult('a', { assessment: open }), false)?.interval).toMatchObject({
      to: 1,
      opensRight: true,
      opensLeft: false,
    });
  });

  it('is not drawn when it rules out nothing', () => {
    const change = { estimate: 0.1, lower: -1, upper: null, confidence: 0.98 };
    const none = assessment({ change });
    expect(intervalPlot(metricResult('a', { assessment: none }), false)).toMatchObject({
      interval: null,
      estimate: 0.7,
    });
    expect(boundless({ lower: -1, upper: 0.2 })).toBe(false);
  });

  it('is around one half where chances are compared', () => {
    const chances = assessment({
      superiority: { estimate: 0.5, lower: 0.45, upper: 0.55 },
      limit: { increase: 0.57, decrease: null },
    });
    const plot = intervalPlot(metricResult('a', { assessment: chances }), false);
    expect(plot?.estimate).toBeCloseTo(0.5);
    expect(plot?.upperLimit).toBeCloseTo(0.7);
  });

  it('is only a point for the compatible judge, and nothing without a ratio', () => {
    expect(intervalPlot(netflixResult('a', { ratio: 1.3 }), false)).toMatchObject({ interval: null });
    expect(intervalPlot(netflixResult('a', { ratio: null }), false)).toBeNull();
  });
});

describe('series to draw', () => {
  const window = { startMs: 1_000, endMs: 0, stepMs: 10 };

  it('are drawn as they are when they are few', () => {
    expect(seriesRows({ baseline: [1, null], canary: [3, 4] }, window, 10)).toEqual([
      { at: 1_000, baseline: 1, canary: 3 },
      { at: 1_010, baseline: null, canary: 4 },
    ]);
  });

  it('keep every peak when they are thinned, in the order of time', () => {
    const canary = Array.from({ length: 1_440 }, (_, index) =>
      index === 777 ? 99 : index === 778 ? -99 : 0,
    );
    const rows = seriesRows({ baseline: [], canary }, window, 100);
    expect(rows).toHaveLength(200);
    const values = rows.map((row) => row.canary);
    expect(values.indexOf(99)).toBeGreaterThan(0);
    expect(values.indexOf(-99)).toBe(values.indexOf(99) + 1);
  });

  it('keep gaps as gaps', () => {
    const canary = Array.from({ length: 1_000 }, (_, index) => (index >= 400 && index < 500 ? null : 1));
    const rows = seriesRows({ baseline: canary, canary }, window, 100);
    const gap = rows.filter((row) => row.canary === null);
    expect(gap).toHaveLength(20);
    expect(gap[0]?.at).toBe(1_000 + 4_000);
  });

  it('know the values that no line would show', () => {
    const rows = seriesRows({ baseline: [1, 2, null], canary: [null, 5, null] }, window, 10);
    expect(standsAlone(rows, 1, 'canary')).toBe(true);
    expect(standsAlone(rows, 1, 'baseline')).toBe(false);
    expect(standsAlone(rows, 0, 'canary')).toBe(false);
  });

  it('begin with the warm-up unless that is most of the chart', () => {
    expect(chartSpan({ startMs: 100, endMs: 300, stepMs: 1 }, 50)).toEqual([50, 300]);
    expect(chartSpan({ startMs: 100, endMs: 300, stepMs: 1 }, 5_000)).toEqual([100, 300]);
  });

  it('have one scale for both sides, and none without values', () => {
    expect(extent({ baseline: [3, null], canary: [-1] })).toEqual([-1, 3]);
    expect(extent({ baseline: [null], canary: [] })).toBeNull();
    expect(sparkPaths({ baseline: [null], canary: [] }, 10, 10)).toBeNull();
    expect(sparkPaths({ baseline: [0, null, 2, 1], canary: [] }, 30, 10)).toEqual({
      baseline: 'M0.0 10.0h0M20.0 0.0h0L30.0 5.0',
      canary: '',
    });
  });
});

describe('the distribution', () => {
  it('has both sides on one scale, each as shares of its own values', () => {
    const spread = distributionOf({ baseline: [0, 0, 10, null], canary: [10] });
    expect(spread).toMatchObject({ from: 0, to: 10 });
    expect(spread?.baseline[0]).toBeCloseTo(2 / 3);
    expect(spread?.canary.at(-1)).toBe(1);
    expect(spread?.quartiles.baseline).toEqual({ min: 0, lower: 0, median: 0, upper: 5, max: 10 });
  });

  it('is not squeezed by one value far out', () => {
    const baseline = [...Array.from({ length: 300 }, (_, index) => index), 1e9];
    const spread = distributionOf({ baseline, canary: [] });
    expect(spread?.to).toBeLessThan(1_000);
    expect(spread?.quartiles).toMatchObject({ baseline: { max: 1e9 }, canary: null });
  });

  it('is nothing without values', () => {
    expect(distributionOf({ baseline: [null], canary: [] })).toBeNull();
  });
});

it('baseline and canary never have the same colour', () => {
  const side = (version?: string) => ({ scope: 'a', location: '', ...(version ? { version } : {}) });
  const colours = (baseline?: string, canary?: string) =>
    sideColours({ baseline: side(baseline), canary: side(canary), extra: {} });
  expect(colours('1.0.0', '1.1.0')).toEqual({ baseline: 'version-5', canary: 'version-0' });
  for (const [left, right] of [
    ['1.0.0', '1.0.0'],
    [undefined, undefined],
    [undefined, '1.0.2'],
    ['1.1.0', undefined],
  ]) {
    const { baseline, canary } = colours(left, right);
    expect(baseline).not.toBe(canary);
  }
});
