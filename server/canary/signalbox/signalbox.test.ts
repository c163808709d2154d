import { describe, expect, it } from 'vitest';
import { judgeNamed } from '@/server/canary/registry';
import {
  configOf,
  judgeCases,
  type MetricCase,
  pairOf,
  spread,
  THRESHOLDS,
  times,
} from '@/server/canary/testing/cases';
import type { MetricVerdict } from '@/server/domain/canary';
import { renderEnglish } from '@/server/services/shared/render-english';

const NOTHING = Number.NaN;
const durations = (factor: number, count = 60) =>
  spread(count, 0.1).map((log) => factor * 0.2 * Math.exp(log));
const increase = { direction: 'increase' } as const;

function only(metric: MetricCase) {
  const judgement = judgeCases([metric]);
  const [result] = judgement.results;
  if (!result?.assessment) throw new Error('nothing was judged');
  return { judgement, result, assessment: result.assessment };
}

describe('one metric', () => {
  const some = [0, 0, 3, 0, 0, 1, 0, 0, 0, 2, 0, 0];
  const cases: [string, MetricCase, MetricVerdict][] = [
    ['the same on both sides', { canary: durations(1), baseline: durations(1) }, 'pass'],
    ['more than is allowed', { canary: durations(1.4), baseline: durations(1), analysis: increase }, 'fail'],
    ['a little more, which is allowed', { canary: durations(1.03), baseline: durations(1) }, 'pass'],
    ['around the limit', { canary: durations(1.1), baseline: durations(1) }, 'inconclusive'],
    [
      'less, where only more is bad',
      { canary: durations(0.5), baseline: durations(1), analysis: increase },
      'pass',
    ],
    ['less, where that is bad too', { canary: durations(0.5), baseline: durations(1) }, 'fail'],
    ['two points far apart are too few', { canary: [10, 11], baseline: [1, 2] }, 'inconclusive'],
    ['small values in seconds', { canary: durations(1.4e-6), baseline: durations(1e-6) }, 'fail'],
    ['something where there was nothing', { canary: times(5, 5), baseline: times(0, 5) }, 'fail'],
    ['two constants', { canary: times(5, 8), baseline: times(4, 8) }, 'fail'],
    ['nothing at all, measured', { kind: 'counter', canary: times(0, 30), baseline: times(0, 30) }, 'pass'],
    [
      'nothing any more',
      { kind: 'counter', canary: times(0, 9), baseline: times(7, 9), analysis: increase },
      'pass',
    ],
    [
      'one error where there was none',
      { kind: 'counter', canary: [...times(0, 20), 1], baseline: times(0, 21) },
      'inconclusive',
    ],
    ['no data on one side', { canary: [], baseline: durations(1) }, 'noData'],
    ['gaps only', { canary: durations(1), baseline: times(NOTHING, 60) }, 'noData'],
    [
      'division by zero',
      { canary: [...durations(1), Number.POSITIVE_INFINITY], baseline: durations(1) },
      'error',
    ],
    ['a query that failed', { canary: [], baseline: [], error: 'connection refused' }, 'error'],
    [
      'absent errors of a counter in the baseline',
      { kind: 'counter', canary: times(4, 12), baseline: times(NOTHING, 12) },
      'fail',
    ],
    ['absent errors of a counter in the canary', { kind: 'counter', canary: [], baseline: some }, 'noData'],
    [
      'few errors on both sides',
      { kind: 'counter', canary: some, baseline: [...some].reverse() },
      'inconclusive',
    ],
    [
      'few errors on both sides, so few that they do not matter',
      {
        kind: 'counter',
        canary: some,
        baseline: some.toReversed().slice(1),
        analysis: { effectSize: { negligible: 2 } },
      },
      'pass',
    ],
    [
      'levels below zero',
      { canary: spread(60, 1).map((z) => z - 10), baseline: spread(60, 1).map((z) => z - 5) },
      'fail',
    ],
    [
      'larger in most cases',
      {
        canary: durations(1.3),
        baseline: durations(1),
        analysis: { effectSize: { measure: 'cles', allowedIncrease: 0.6 } },
      },
      'fail',
    ],
    [
      'larger in no more cases than is allowed',
      {
        canary: durations(1),
        baseline: durations(1).map((value) => value * 1.0001),
        analysis: { effectSize: { measure: 'cles', allowedIncrease: 0.7, allowedDecrease: 0.3 } },
      },
      'pass',
    ],
  ];
  it.each(cases)('%s', (_what, metric, expected) => {
    expect(only(metric).assessment.verdict).toBe(expected);
  });

  it('says how large the change is, how sure that is, and what it was held against', () => {
    const { result, assessment } = only({
      name: 'p99',
      canary: durations(1.38),
      baseline: durations(1),
      analysis: increase,
    });
    expect(assessment.change.estimate).toBeCloseTo(0.38, 2);
    expect(assessment.change.lower).toBeGreaterThan(0.28);
    expect(assessment.change.upper).toBeLessThan(0.5);
    expect(assessment.limit.increase).toBeCloseTo(0.1, 12);
    expect(assessment.limit.decrease).toBeNull();
    expect(renderEnglish(result.sentence)).toMatch(/^p99 rose 38 %, 98 % interval 3\d–4\d %; limit 10 %$/);
  });

  it('says what it could have caught, and how many points it takes', () => {
    const short = only({
      canary: durations(1, 12),
      baseline: durations(1, 12),
      analysis: increase,
    }).assessment;
    const long = only({
      canary: durations(1, 200),
      baseline: durations(1, 200),
      analysis: increase,
    }).assessment;
    expect(short.smallestDetectable ?? 0).toBeGreaterThan(1.5 * (long.smallestDetectable ?? 1));
    expect(long.smallestDetectable ?? 0).toBeGreaterThan(0.1);
    expect(short.lowConfidence).toBe(true);
    expect(long).toMatchObject({ lowConfidence: false, experiment: { expected: 200, used: 200 } });
    // 2.12 standard errors within ln 1.1, of samples with a deviation of 0.1 each.
    expect(long.pointsNeeded ?? 0).toBeGreaterThan(7);
    expect(long.pointsNeeded ?? 0).toBeLessThan(13);
  });

  it('keeps a report that JSON can tell, whatever was measured', () => {
    const infinite = [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, NOTHING, 2, 3, 4];
    for (const name of ['signalbox-v1', 'netflix-aca-v1']) {
      const one = { canary: infinite, baseline: times(0, 7) };
      const judged = judgeNamed(name)?.judge({
        config: configOf([one]),
        thresholds: THRESHOLDS,
        pairs: [pairOf(one)],
      });
      expect(JSON.parse(JSON.stringify(judged))).toEqual(judged);
    }
  });

  it('trusts counts less that lean on their neighbours', () => {
    const swinging = Array.from({ length: 60 }, (_, at) => 4 + ((at * 23) % 5));
    const leaning = [...swinging].sort((a, b) => a - b);
    const widthOf = (baseline: number[]) => {
      const { lower, upper } = only({ kind: 'counter', canary: baseline, baseline }).assessment.change;
      return (upper ?? Number.POSITIVE_INFINITY) - (lower ?? 0);
    };
    expect(widthOf(leaning)).toBeGreaterThan(2 * widthOf(swinging));
  });

  it('names the errors that came from nothing', () => {
    const { result, assessment } = only({ kind: 'counter', canary: times(3, 9), baseline: times(0, 9) });
    expect(assessment.change).toMatchObject({ estimate: null });
    expect(result).toMatchObject({ classification: 'High', ratio: null });
    expect(renderEnglish(result.sentence)).toContain('nothing of it in the baseline');
  });
});

describe('what is absent', () => {
  const latency = {
    name: 'p99',
    kind: 'latency',
    canary: durations(1, 12),
    baseline: durations(1, 12),
  } as const;
  const absent = times(NOTHING, 12);
  const verdictOf = (...metrics: MetricCase[]) => judgeCases(metrics).results[0]?.assessment;

  it('is zero for a counter of a side that is measured, and no data for one that is not', () => {
    const errors = { name: 'errors', kind: 'counter', canary: times(4, 12), baseline: absent } as const;
    expect(verdictOf(errors, latency)).toMatchObject({ verdict: 'fail', control: { countedAsZero: 12 } });
    expect(verdictOf(errors, { ...latency, baseline: absent })).toMatchObject({ verdict: 'noData' });
    expect(verdictOf({ ...errors, canary: absent }, latency)).toMatchObject({ verdict: 'pass' });
    expect(verdictOf({ ...errors, canary: absent }, { ...latency, canary: absent })?.verdict).toBe('noData');
  });

  it('is zero for a ratio where its traffic was, and missing where there was none', () => {
    const ratio = {
      name: 'ratio',
      kind: 'ratio',
      traffic: 'requests',
      canary: [...times(0.2, 6), ...times(NOTHING, 6)],
      baseline: absent,
    } as const;
    const requests = {
      name: 'requests',
      kind: 'counter',
      canary: [...times(9, 9), 0, 0, 0],
      baseline: times(9, 12),
    } as const;
    expect(verdictOf(ratio, requests, latency)).toMatchObject({
      experiment: { used: 9, countedAsZero: 3 },
      control: { used: 12, countedAsZero: 12 },
    });
  });

  it('stays missing for a gauge, and says that the sample is thin', () => {
    const gauge = { canary: [...durations(1, 30), ...times(NOTHING, 30)], baseline: durations(1, 60) };
    expect(only(gauge).assessment).toMatchObject({
      lowConfidence: true,
      experiment: { expected: 60, used: 30 },
    });
  });

  it('is zero where a configuration of Kayenta says so', () => {
    const replaced = { analysis: { nanStrategy: 'replace' }, canary: times(4, 12), baseline: absent };
    expect(only(replaced).assessment).toMatchObject({ kind: 'counter', verdict: 'fail' });
  });
});

describe('what is not known', () => {
  const good = (name: string): MetricCase => ({ name, canary: durations(1), baseline: durations(1) });
  const gone: MetricCase = { name: 'gone', canary: [], baseline: [] };

  it('is never a pass by itself', () => {
    for (const metric of [
      gone,
      { ...gone, error: 'timeout' },
      { name: 'few', canary: [1, 2], baseline: [1, 2] },
    ]) {
      const judgement = judgeCases([metric]);
      expect(judgement).toMatchObject({ classification: 'Inconclusive', score: 0, highestScore: 100 });
      expect(['askPerson', 'extend']).toContain(judgement.action);
    }
  });

  it.each([
    ['onNoData', gone],
    ['onError', { ...gone, error: 'timeout' }],
    ['onInconclusive', { name: 'few', canary: [1, 2], baseline: [1, 3] }],
  ] as const)('follows the policy %s', (policy, metric) => {
    expect(judgeCases([metric], { [policy]: 'fail' })).toMatchObject({
      action: 'fail',
      classification: 'Fail',
    });
    expect(judgeCases([metric], { [policy]: 'pass' })).toMatchObject({
      action: 'pass',
      classification: 'Pass',
    });
    expect(judgeCases([metric], { [policy]: 'extend' })).toMatchObject({ action: 'extend', score: 0 });
    expect(judgeCases([metric], { [policy]: 'askPerson' })).toMatchObject({ action: 'askPerson', score: 0 });
    const own = { ...metric, analysis: { [policy]: 'fail' } };
    expect(judgeCases([own], { [policy]: 'pass' }).action).toBe('fail');
  });

  it('fails where data must be there', () => {
    const { results, action } = judgeCases([{ ...gone, analysis: { mustHaveData: true } }]);
    expect(action).toBe('fail');
    expect(results[0]?.classification).toBe('NodataFailMetric');
  });

  it('does not matter where the score would do without it, unless it is critical', () => {
    const many = ['a', 'b', 'c', 'd'].map(good);
    expect(judgeCases([...many, gone])).toMatchObject({ action: 'pass', score: 80, highestScore: 100 });
    expect(judgeCases([...many, { ...gone, analysis: { critical: true } }]).action).toBe('askPerson');
  });

  it('does not matter where all is lost anyway', () => {
    const bad = { name: 'bad', canary: durations(2), baseline: durations(1), analysis: { critical: true } };
    const judgement = judgeCases([good('a'), gone, bad]);
    expect(judgement).toMatchObject({ action: 'fail', score: 0, classificationReason: 'bad' });
    expect(judgement.sentence).toEqual(judgement.results[2]?.sentence);
  });

  it('is asked of a person first, before more points are waited for', () => {
    const few = { name: 'few', canary: [1, 2], baseline: [1, 3] };
    expect(judgeCases([few, gone])).toMatchObject({ action: 'askPerson', classificationReason: 'gone' });
  });

  it('covers metrics that nobody measured, and says so when all are muted', () => {
    const judge = judgeNamed('signalbox-v1');
    const config = configOf([good('a'), gone]);
    const judgement = judge?.judge({ config, thresholds: THRESHOLDS, pairs: [pairOf(good('a'))] });
    expect(judgement?.results.map(({ name }) => name)).toEqual(['a', 'gone']);
    expect(judgeCases([{ ...gone, analysis: { muted: true } }])).toMatchObject({ action: 'askPerson' });
  });
});

describe('the score', () => {
  const good = (name: string, groups: string[]): MetricCase => ({
    name,
    groups,
    canary: durations(1),
    baseline: durations(1),
  });
  const bad = (name: string, groups: string[], critical = false): MetricCase => ({
    ...good(name, groups),
    canary: durations(2),
    analysis: { critical, effectSize: { criticalIncrease: 1.5 } },
  });

  it('counts metrics without a group too', () => {
    const { score, groupScores } = judgeCases([bad('a', []), good('b', [])]);
    expect(score).toBe(50);
    expect(groupScores).toEqual([{ name: 'ungrouped', score: 50, noData: false }]);
  });

  it('goes on between the thresholds and fails at the lower one', () => {
    const three = [good('a', ['x']), good('b', ['x']), bad('c', ['x'])];
    expect(judgeCases(three)).toMatchObject({ score: 66.67, classification: 'Marginal', action: 'continue' });
    expect(judgeCases([good('a', ['x']), bad('c', ['x'])])).toMatchObject({ score: 50, action: 'fail' });
  });

  it('is nothing as soon as a critical metric is as bad as that', () => {
    const rest = ['a', 'b', 'c', 'd', 'e'].map((name) => good(name, ['x']));
    expect(judgeCases([...rest, bad('z', ['x'], true)])).toMatchObject({ score: 0, action: 'fail' });
    const mild = { ...bad('z', ['x'], true), canary: durations(1.3) };
    expect(judgeCases([...rest, mild])).toMatchObject({ action: 'pass' });
  });

  it('weighs the groups that there are', () => {
    const metrics = [good('a', ['x']), bad('b', ['y'])];
    const config = { ...configOf(metrics), classifier: { groupWeights: { x: 60, z: 40 } } };
    const judgement = judgeNamed(undefined)?.judge({
      config,
      thresholds: THRESHOLDS,
      pairs: metrics.map(pairOf),
    });
    expect(judgement?.score).toBe(60);
  });
});
