import type { CanaryMetric, MetricAnalysis } from '@/server/domain/canary';
import type { MetricsSourceKind } from '@/server/metrics/registry';

/** Metrics that tell of almost any service whether a version is worse, to begin a configuration with. */
export interface MetricTemplates {
  readonly id: string;
  readonly label: string;
  readonly source: MetricsSourceKind;
  metrics(options?: TemplateOptions): CanaryMetric[];
}

export interface TemplateOptions {
  /** The label by which Prometheus knows the server group. */
  readonly scopeLabel?: string;
  /** The label by which Prometheus knows the region; without one, groups of the same name elsewhere are added. */
  readonly locationLabel?: string;
  /** Of every rate: four times the scrape interval or more, or there are gaps. A duration of Prometheus. */
  readonly window?: string;
}

/** The metric whose presence tells no errors from no requests. */
const TRAFFIC = 'requests per second';

interface Shape extends Required<Pick<CanaryMetric, 'name' | 'kind'>>, Pick<CanaryMetric, 'traffic'> {
  readonly groups: readonly string[];
  readonly analysis: MetricAnalysis;
}

/** What each metric means, the same wherever it is measured. Limits are where to begin, not a rule. */
const SHAPES = {
  latency: {
    name: 'p99 of successful requests (s)',
    groups: ['Latency'],
    kind: 'latency',
    analysis: { direction: 'increase', effectSize: { allowedIncrease: 1.1 } },
  },
  /** Where errors cannot be told apart: a version that fails quickly looks quick. */
  allLatency: {
    name: 'p99 of all requests (s)',
    groups: ['Latency'],
    kind: 'latency',
    analysis: { direction: 'increase', effectSize: { allowedIncrease: 1.1 } },
  },
  errors: {
    name: 'error ratio',
    groups: ['Errors'],
    kind: 'ratio',
    traffic: TRAFFIC,
    analysis: {
      direction: 'increase',
      critical: true,
      // One request in a thousand is no reason to stop, even if the baseline had none.
      effectSize: { allowedIncrease: 1.1, negligible: 0.001 },
    },
  },
  traffic: {
    name: TRAFFIC,
    groups: ['Traffic'],
    // Follows from the weights of the load balancer: it is evidence of the sample, not of the version.
    kind: 'counter',
    analysis: { direction: 'either', muted: true },
  },
  saturation: {
    name: 'heap in use, fullest instance',
    groups: ['Saturation'],
    kind: 'gauge',
    analysis: { direction: 'increase', effectSize: { allowedIncrease: 1.2 } },
  },
  memory: {
    name: 'memory of the largest instance (bytes)',
    groups: ['Saturation'],
    kind: 'gauge',
    analysis: { direction: 'increase', effectSize: { allowedIncrease: 1.2 } },
  },
  cpu: {
    name: 'CPU in use, mean of the instances (%)',
    groups: ['Saturation'],
    kind: 'gauge',
    analysis: { direction: 'increase', effectSize: { allowedIncrease: 1.2 } },
  },
} as const satisfies Record<string, Shape>;

function metric(shape: keyof typeof SHAPES, query: CanaryMetric['query']): CanaryMetric {
  const { name, kind, traffic, groups, analysis }: Shape = SHAPES[shape];
  return {
    name,
    kind,
    ...(traffic === undefined ? {} : { traffic }),
    query,
    groups: [...groups],
    analysisConfigurations: { canary: { nanStrategy: 'remove', ...analysis } },
    scopeName: 'default',
  };
}

/** PromQL of the four on each family of names. `scope` is a matcher. */
interface Family {
  readonly duration: string;
  readonly success: string;
  readonly error: string;
  readonly saturation: (scope: string) => string;
  readonly saturationShape: 'saturation' | 'memory';
  /** The counter of requests, when it is not the histogram's own. */
  readonly requests?: string;
  /** The label of the region, where these names always have one. */
  readonly locationLabel?: string;
}

const FAMILIES = {
  /**
   * Spring Boot. Buckets are there only with
   * `management.metrics.distribution.percentiles-histogram.http.server.requests=true`.
   */
  micrometer: {
    duration: 'http_server_requests_seconds',
    // Probes of the platform are quick and many, and would hide what people wait for.
    success: 'outcome="SUCCESS",uri!~"/actuator.*"',
    error: 'outcome="SERVER_ERROR"',
    saturation: (scope) => heap('jvm_memory_used_bytes', 'jvm_memory_max_bytes', `area="heap",${scope}`),
    saturationShape: 'saturation',
  },
  /** Semantic conventions 1.2x for HTTP servers and the JVM, as the Prometheus exporters name them. */
  opentelemetry: {
    duration: 'http_server_request_duration_seconds',
    success: 'http_response_status_code=~"[123].."',
    error: 'http_response_status_code=~"5.."',
    saturation: (scope) =>
      heap('jvm_memory_used_bytes', 'jvm_memory_limit_bytes', `jvm_memory_type="heap",${scope}`),
    saturationShape: 'saturation',
  },
  /** The local cloud's own /metrics, scraped. */
  localCloud: {
    duration: 'signalbox_lb_request_duration_seconds',
    success: 'status_class=~"[123]xx"',
    error: 'outcome="error"',
    requests: 'signalbox_lb_requests_total',
    locationLabel: 'region',
    saturation: (scope) => `max(signalbox_instance_memory_bytes{${scope}})`,
    saturationShape: 'memory',
  },
} as const satisfies Record<string, Family>;

/**
 * Pools without a maximum report −1 or nothing (G1's eden and survivor space): what they use would be set against
 * the maximum of others, so they are left out on both sides.
 */
function heap(used: string, limit: string, matchers: string): string {
  const limited = `${limit}{${matchers}} > 0`;
  return `max(sum by (instance) (${used}{${matchers}} and ${limited}) / sum by (instance) (${limited}))`;
}

function prometheusMetrics(family: Family, options: TemplateOptions = {}): CanaryMetric[] {
  const { scopeLabel = 'server_group', locationLabel = family.locationLabel, window = '1m' } = options;
  const place = locationLabel ? `,${locationLabel}="\${location}"` : '';
  const scope = `${scopeLabel}="\${scope}"${place}`;
  const counter = family.requests ?? `${family.duration}_count`;
  const rate = (name: string, matchers: string) => `sum(rate(${name}{${matchers}}[${window}]))`;
  const buckets = `${family.duration}_bucket{${family.success},${scope}}`;
  const all = rate(counter, scope);
  const ask = (promql: string) => ({ type: 'prometheus', customInlineTemplate: `PromQL:${promql}` });
  return [
    metric('latency', ask(`histogram_quantile(0.99, sum by (le) (rate(${buckets}[${window}])))`)),
    // A service that never failed has no series of errors: that is zero, but only when it had requests (0/0 is NaN).
    metric('errors', ask(`(${rate(counter, `${family.error},${scope}`)} or vector(0)) / ${all}`)),
    metric('traffic', ask(all)),
    metric(family.saturationShape, ask(family.saturation(scope))),
  ];
}

interface Requests {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly time: string;
  readonly requests: string;
  readonly errors: string;
}

/**
 * A target group has one version, and is known as `targetgroup/<name>/<id>`, the end of its ARN. Source: CloudWatch
 * metrics of Application Load Balancers.
 */
const TARGET_GROUP: Requests = {
  namespace: 'AWS/ApplicationELB',
  dimensions: { LoadBalancer: '${loadBalancer}', TargetGroup: '${targetGroup}' },
  time: 'TargetResponseTime',
  requests: 'RequestCount',
  errors: 'HTTPCode_Target_5XX_Count',
};

/** Of a version as far as an alias calls it. Source: CloudWatch metrics of Lambda. */
const FUNCTION: Requests = {
  namespace: 'AWS/Lambda',
  dimensions: {
    FunctionName: '${functionName}',
    Resource: '${resource}',
    ExecutedVersion: '${executedVersion}',
  },
  time: 'Duration',
  requests: 'Invocations',
  errors: 'Errors',
};

/** The inventory says the dimensions of each server group. Counts are published only when there are some. */
function requestMetrics({ namespace, dimensions, time, requests, errors }: Requests): CanaryMetric[] {
  const count = (id: string, metricName: string) => ({
    id,
    namespace,
    metricName,
    dimensions,
    statistic: 'Sum',
  });
  const { id: _, ...duration } = count('time', time);
  const all = count('requests', requests);
  return [
    metric('allLatency', { type: 'cloudwatch', ...duration, statistic: 'p99' }),
    metric('errors', {
      type: 'cloudwatch',
      expression: 'FILL(errors, 0) / requests',
      queries: [count('errors', errors), all],
    }),
    metric('traffic', {
      type: 'cloudwatch',
      expression: 'requests / PERIOD(requests)',
      queries: [all],
    }),
  ];
}

/** Every five minutes, unless the instances have detailed monitoring. */
function autoScalingMetrics(): CanaryMetric[] {
  return [
    metric('cpu', {
      type: 'cloudwatch',
      namespace: 'AWS/EC2',
      metricName: 'CPUUtilization',
      dimensions: { AutoScalingGroupName: '${scope}' },
      statistic: 'Average',
    }),
  ];
}

/** One for each way in which services are usually measured. */
export const metricTemplates: readonly MetricTemplates[] = [
  {
    id: 'localCloud',
    label: 'Local cloud',
    source: 'local',
    metrics: () => [
      metric('latency', { type: 'local', metric: 'latency', quantile: 0.99 }),
      metric('errors', { type: 'local', metric: 'errorRatio' }),
      metric('traffic', { type: 'local', metric: 'requestRate' }),
      metric('memory', { type: 'local', metric: 'memory' }),
    ],
  },
  {
    id: 'micrometer',
    label: 'Micrometer (Spring Boot) in Prometheus',
    source: 'prometheus',
    metrics: (options) => prometheusMetrics(FAMILIES.micrometer, options),
  },
  {
    id: 'opentelemetry',
    label: 'OpenTelemetry in Prometheus',
    source: 'prometheus',
    metrics: (options) => prometheusMetrics(FAMILIES.opentelemetry, options),
  },
  {
    id: 'localCloudPrometheus',
    label: 'Local cloud in Prometheus',
    source: 'prometheus',
    metrics: (options) => prometheusMetrics(FAMILIES.localCloud, options),
  },
  {
    id: 'targetGroup',
    label: 'Target groups of a load balancer in CloudWatch',
    source: 'cloudwatch',
    metrics: () => requestMetrics(TARGET_GROUP),
  },
  {
    id: 'function',
    label: 'Functions on AWS Lambda in CloudWatch',
    source: 'cloudwatch',
    metrics: () => requestMetrics(FUNCTION),
  },
  {
    id: 'autoScalingGroup',
    label: 'Auto Scaling groups in CloudWatch',
    source: 'cloudwatch',
    metrics: autoScalingMetrics,
  },
];
