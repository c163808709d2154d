import { describe, expect, it } from 'vitest';
import {
  addMetrics,
  configText,
  duplicateMetric,
  groupRows,
  moveMetric,
  newConfig,
  readConfig,
  readGroups,
  removeMetric,
  renameMetric,
  restoreMetric,
  sourceFor,
  spreadWeights,
  weightSum,
  withAnalysis,
  withEffect,
  withMetric,
  withPolicies,
  withWeight,
} from '@/components/canary/workbench/config.view';
import {
  limitPercent,
  limitsFor,
  withLimitPercent,
  withMeasure,
} from '@/components/canary/workbench/limits.view';
import { type CanaryConfig, type CanaryMetric, canaryConfigSchema } from '@/server/domain/canary';

function metric(name: string, more: Partial<CanaryMetric> = {}): CanaryMetric {
  return {
    name,
    query: { type: 'local', metric: 'latency' },
    groups: ['Latency'],
    analysisConfigurations: { canary: {} },
    ...more,
  };
}

const names = (config: CanaryConfig) => config.metrics.map(({ name }) => name);

describe('metrics of a configuration', () => {
  const begun = newConfig('prod', 'catalog', [metric('requests'), metric('errors', { traffic: 'requests' })]);

  it('of a new one are what its template brought, weighed alike, and it is valid as it stands', () => {
    expect(begun.classifier.groupWeights).toEqual({ Latency: 100 });
    expect(canaryConfigSchema.parse(begun)).toEqual(begun);
  });

  it('added twice get names of their own, and a ratio keeps the traffic that came with it', () => {
    const twice = addMetrics(begun, [metric('requests'), metric('errors', { traffic: 'requests' })]);
    expect(names(twice)).toEqual(['requests', 'errors', 'requests 2', 'errors 2']);
    expect(twice.metrics.map(({ traffic }) => traffic)).toEqual([
      undefined,
      'requests',
      undefined,
      'requests 2',
    ]);
  });

  it('renamed are followed by the ratios that name them', () => {
    expect(renameMetric(begun, 0, 'traffic').metrics[1]?.traffic).toBe('traffic');
  });

  it('are copied beside themselves and moved, but not over the ends', () => {
    expect(names(duplicateMetric(begun, 0))).toEqual(['requests', 'requests 2', 'errors']);
    expect(names(moveMetric(begun, 1, 0))).toEqual(['errors', 'requests']);
    expect(restoreMetric(removeMetric(begun, 0), 0, metric('requests'))).toEqual(begun);
    expect(moveMetric(begun, 0, -1)).toBe(begun);
    expect(moveMetric(begun, 1, 2)).toBe(begun);
  });

  it('say nothing of what was cleared', () => {
    const critical = withAnalysis(metric('p99'), { critical: true, onError: 'fail' });
    const cleared = withEffect(withAnalysis(critical, { onError: undefined }), { negligible: undefined });
    expect(withMetric(begun, 0, { ...cleared, traffic: undefined }).metrics[0]).toEqual(
      metric('p99', { analysisConfigurations: { canary: { critical: true } } }),
    );
  });

  it('that came from elsewhere are asked where they can be asked as they are', () => {
    const asking = (...types: string[]) =>
      newConfig(
        'imported',
        'catalog',
        types.map((type) => metric(type, { query: { type } })),
      );
    const sources = [
      { name: 'here', kind: 'local' },
      { name: 'main', kind: 'prometheus' },
    ];
    expect(sourceFor(asking('prometheus', 'prometheus', 'local'), sources)).toBe('main');
    expect(sourceFor(asking('datadog'), sources)).toBeNull();
  });

  it('keep fields that this product does not know', () => {
    const foreign = metric('p99', {
      query: { type: 'local', unknown: 1 },
      scopeName: 'default',
      other: true,
    });
    expect(withAnalysis(foreign, { muted: true })).toMatchObject({ other: true, query: { unknown: 1 } });
  });
});

describe('groups', () => {
  const config = newConfig('prod', 'catalog', [
    metric('p99'),
    metric('errors', { groups: ['Errors'] }),
    metric('rate', { groups: ['Traffic'], analysisConfigurations: { canary: { muted: true } } }),
  ]);

  it('are weighed alike where they count, together a hundred', () => {
    expect(config.classifier.groupWeights).toEqual({ Latency: 50, Errors: 50 });
    const three = spreadWeights(addMetrics(config, [metric('heap', { groups: ['Heap'] })]));
    expect(three.classifier.groupWeights).toEqual({ Latency: 34, Errors: 33, Heap: 33 });
    expect(weightSum(three)).toBe(100);
  });

  it('tell what counts in them, and show a weight that no metric has any more', () => {
    expect(groupRows(withWeight(config, 'Gone', 10))).toEqual([
      { name: 'Latency', counted: 1, muted: 0, weight: 50 },
      { name: 'Errors', counted: 1, muted: 0, weight: 50 },
      { name: 'Traffic', counted: 0, muted: 1, weight: null },
      { name: 'Gone', counted: 0, muted: 0, weight: 10 },
    ]);
    expect(withWeight(config, 'Errors', undefined).classifier.groupWeights).toEqual({ Latency: 50 });
  });

  it('are typed with commas', () => {
    expect(readGroups(' Latency, Errors,,Latency ')).toEqual(['Latency', 'Errors']);
  });
});

describe('limits', () => {
  it('are factors in the configuration and percentages for people, without dust', () => {
    const grown = withLimitPercent(metric('p99'), 'allowedIncrease', 10);
    expect(grown.analysisConfigurations.canary?.effectSize).toEqual({ allowedIncrease: 1.1 });
    expect(limitPercent({ effectSize: { allowedIncrease: 1.1 } }, 'allowedIncrease')).toBe(10);
    expect(limitPercent({ effectSize: { allowedDecrease: 0.9 } }, 'allowedDecrease')).toBe(10);
    expect(limitPercent({}, 'allowedIncrease')).toBeNull();
  });

  it('go when the measure becomes one of another kind', () => {
    const chance = withMeasure(withLimitPercent(metric('p99'), 'allowedIncrease', 10), 'cles');
    expect(chance.analysisConfigurations.canary?.effectSize).toEqual({ measure: 'cles' });
    const limited = withLimitPercent(chance, 'allowedIncrease', 57);
    expect(limited.analysisConfigurations.canary?.effectSize).toMatchObject({ allowedIncrease: 0.57 });
    const back = withMeasure(limited, 'meanRatio');
    expect(back.analysisConfigurations.canary).toEqual({});
  });

  it('are asked for in the direction that matters', () => {
    expect(limitsFor('increase', 'allowed')).toEqual(['allowedIncrease']);
    expect(limitsFor('either', 'critical')).toEqual(['criticalIncrease', 'criticalDecrease']);
  });
});

describe('the text of a configuration', () => {
  it('becomes the configuration again, with all that it has', () => {
    const config = withPolicies(newConfig('prod', 'catalog', [metric('p99', { own: [1] })]), {
      onNoData: 'fail',
    });
    expect(readConfig(configText(config))).toEqual({ config, problems: [] });
  });

  it('says where it stops being JSON, and which field does not fit', () => {
    expect(readConfig('{\n  "name": "a",\n}').problems).toMatchObject([{ line: 3, path: null }]);
    const read = readConfig('{\n "name": "a",\n "metrics": [{"name": "x", "query": {"type": 7}}]}');
    expect(read.problems).toMatchObject([{ line: 3, path: 'metrics.0.query.type' }]);
  });
});
