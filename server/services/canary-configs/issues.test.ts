import { expect, it } from 'vitest';
import { prometheusSource } from '@/server/metrics/prometheus/prometheus';
import { configIssues } from '@/server/services/canary-configs/issues';
import { canary, canaryConfig as config, metric } from '@/server/services/testing/canary-configs';

const issuesOf = (document: unknown) => configIssues(document, prometheusSource);

it('says nothing of one that is right', () => {
  expect(issuesOf(config({ classifier: { groupWeights: { Latency: 100 } } }))).toEqual([]);
});

it.each<[string, object, string, string]>([
  ['a judge that there is not', { judge: { name: 'solomon' } }, 'judge.name', 'there are signalbox-v1'],
  [
    'a query of another source',
    { metrics: [metric('a', { query: { type: 'datadog' } })] },
    'metrics.0.query.type',
    'write one of "prometheus"',
  ],
  [
    'a query without a question',
    { metrics: [metric('a', { query: { type: 'prometheus' } })] },
    'metrics.0.query',
    'give a query',
  ],
  [
    'a metric name that cannot be',
    { metrics: [metric('a'), metric('b'), metric('c', { query: { type: 'prometheus', metricName: '1x' } })] },
    'metrics.2.query.metricName',
    'is not the name',
  ],
  [
    'a template that there is not',
    { metrics: [metric('a', { query: { type: 'prometheus', metricName: 'x', customFilterTemplate: 't' } })] },
    'metrics.0.query.customFilterTemplate',
    'no template "t"',
  ],
  ['a name that is there twice', { metrics: [metric('a'), metric('a')] }, 'metrics.1.name', 'is there twice'],
  [
    'one that is critical and muted',
    { metrics: [metric('b'), metric('a', canary({ critical: true, muted: true }))] },
    'metrics.1.analysisConfigurations.canary.critical',
    'choose one',
  ],
  ['nothing to judge', { metrics: [metric('a', canary({ muted: true }))] }, 'metrics', 'unmute one'],
  [
    'traffic that is not measured',
    { metrics: [metric('a', { kind: 'ratio', traffic: 'b' })] },
    'metrics.0.traffic',
    'no other metric "b"',
  ],
  [
    'a direction that is not known',
    { metrics: [metric('a', canary({ direction: 'up' }))] },
    'metrics.0.analysisConfigurations.canary.direction',
    'choose increase or decrease or either',
  ],
  [
    'a limit that everything breaks',
    { metrics: [metric('a', canary({ effectSize: { allowedIncrease: 0.1 } }))] },
    'metrics.0.analysisConfigurations.canary.effectSize.allowedIncrease',
    '1.1 allows a tenth more',
  ],
  [
    'a critical limit below the allowed one',
    { metrics: [metric('a', canary({ effectSize: { allowedIncrease: 1.5, criticalIncrease: 1.2 } }))] },
    'metrics.0.analysisConfigurations.canary.effectSize.criticalIncrease',
    'must not be below',
  ],
  [
    'weights above 100',
    { classifier: { groupWeights: { Latency: 120 } } },
    'classifier.groupWeights',
    'make it 100 at most',
  ],
  [
    'a weight below 0',
    { classifier: { groupWeights: { Latency: -1 } } },
    'classifier.groupWeights.Latency',
    'must not be below 0',
  ],
  [
    'a group without metrics',
    { classifier: { groupWeights: { Latncy: 50 } } },
    'classifier.groupWeights.Latncy',
    'no metric is in this group',
  ],
  [
    'weights of nothing',
    { classifier: { groupWeights: { Latency: 0 } } },
    'classifier.groupWeights',
    'nothing would count',
  ],
  [
    'a policy that there is not',
    { metrics: [metric('a', canary({ onNoData: 'hope' }))] },
    'metrics.0.analysisConfigurations.canary.onNoData',
    'askPerson',
  ],
  [
    'a number as text',
    { metrics: [metric('a', canary({ effectSize: { allowedIncrease: '1.1' } }))] },
    'metrics.0.analysisConfigurations.canary.effectSize.allowedIncrease',
    'number',
  ],
])('says where it is: %s', (_name, change, path, says) => {
  const issues = issuesOf(config(change));
  expect(issues).toContainEqual({ path, message: expect.stringContaining(says) });
});

it('says what has no shape at all without breaking', () => {
  expect(issuesOf(null)).toEqual([{ path: '', message: expect.any(String) }]);
  expect(issuesOf({ metrics: 'x' })).toContainEqual({ path: 'metrics', message: expect.any(String) });
});

it('holds words and weights against nobody whose judge is Kayenta’s, which reads them otherwise', () => {
  const kayenta = config({
    judge: { name: 'NetflixACAJudge-v1.0' },
    metrics: [metric('a', canary({ direction: 'up', effectSize: { allowedIncrease: 0.5 } }))],
    classifier: { groupWeights: { Latency: 33, Elsewhere: 33 } },
  });
  expect(issuesOf(kayenta)).toEqual([]);
});
