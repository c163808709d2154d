import { expect, it } from 'vitest';
import { canaryConfigSchema } from '@/server/domain/canary';
import { metricsSources } from '@/server/metrics/registry';
import { metricTemplates } from '@/server/metrics/templates';

/** A load balancer knows nothing of what is behind it, a function nothing of what it runs on, and an Auto Scaling group nothing of requests. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  targetGroup: ['Latency', 'Errors', 'Traffic'],
  function: ['Latency', 'Errors', 'Traffic'],
  autoScalingGroup: ['Saturation'],
};

it.each(metricTemplates)('gives metrics that its source takes: $label', ({ id, source, metrics }) => {
  const config = canaryConfigSchema.parse({ name: 'begin', metrics: metrics() });
  expect(config.metrics.map(({ groups }) => groups[0])).toEqual(
    GROUPS[id] ?? ['Latency', 'Errors', 'Traffic', 'Saturation'],
  );
  for (const { query } of config.metrics) {
    expect(query.type).toBe(source);
    expect(metricsSources[source].querySchema.safeParse(query).error).toBeUndefined();
  }
});

it('says of each metric what its absence means, where the judge reads it', () => {
  const kinds = { Latency: 'latency', Errors: 'ratio', Traffic: 'counter', Saturation: 'gauge' } as const;
  for (const metric of metricTemplates.flatMap(({ metrics }) => metrics())) {
    const [group = ''] = metric.groups;
    expect([metric.name, metric.kind]).toEqual([metric.name, Reflect.get(kinds, group)]);
    expect(metric.analysisConfigurations.canary).not.toHaveProperty('kind');
  }
});

it('names the metric that tells no errors from no requests', () => {
  const withRatio = metricTemplates
    .map(({ metrics }) => metrics())
    .filter((all) => all.some(({ name }) => name === 'error ratio'));
  expect(withRatio).toHaveLength(metricTemplates.length - 1);
  for (const metrics of withRatio) {
    const ratio = metrics.find(({ name }) => name === 'error ratio');
    expect(metrics.map(({ name }) => name)).toContain(ratio?.traffic);
  }
});

it('takes the label of the server group and the window of rates', () => {
  const micrometer = metricTemplates.find(({ id }) => id === 'micrometer');
  const [latency] = micrometer?.metrics({ scopeLabel: 'asg', window: '2m' }) ?? [];
  expect(latency?.query.customInlineTemplate).toBe(
    'PromQL:histogram_quantile(0.99, sum by (le) (rate(http_server_requests_seconds_bucket' +
      '{outcome="SUCCESS",uri!~"/actuator.*",asg="${scope}"}[2m])))',
  );
});
