import { expect, it } from 'vitest';
import { canaryConfigSchema } from '@/server/domain/canary';
import { metricsSources } from '@/server/metrics/registry';
import { metricTemplates } from '@/server/metrics/templates';

it.each(metricTemplates)('gives metrics that its source takes: $label', ({ source, metrics }) => {
  const config = canaryConfigSchema.parse({ name: 'begin', metrics: metrics() });
  expect(config.metrics.map(({ groups }) => groups[0])).toEqual([
    'Latency',
    'Errors',
    'Traffic',
    'Saturation',
  ]);
  for (const { query } of config.metrics) {
    expect(query.type).toBe(source);
    expect(metricsSources[source].querySchema.safeParse(query).error).toBeUndefined();
  }
});

it('names the metric that tells no errors from no requests', () => {
  for (const { metrics } of metricTemplates) {
    const names = metrics().map(({ name }) => name);
    const ratio = metrics().find(({ name }) => name === 'error ratio');
    expect(names).toContain(ratio?.analysisConfigurations.canary?.traffic);
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
