import { z } from 'zod';
import { expand, mentionsScope } from '@/server/metrics/prometheus/expand';
import { MetricsError, type Scope } from '@/server/metrics/source';

export const AGGREGATIONS = ['avg', 'sum', 'min', 'max', 'count'] as const;

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const WHOLE_QUERY = 'PromQL:';

/**
 * What a metric asks of Prometheus: Kayenta's query JSON unchanged (what it has beyond this is kept), and
 * `aggregation` besides. A template that begins with `PromQL:` is the whole query; with a metric name, a template
 * is a list of matchers.
 */
export const prometheusQuerySchema = z
  .looseObject({
    type: z.literal('prometheus'),
    customInlineTemplate: z.string().max(50_000).nullish(),
    /** A key of the configuration's templates; see `withNamedTemplate`. */
    customFilterTemplate: z.string().nullish(),
    metricName: z.string().regex(METRIC_NAME, 'is not the name of a metric in Prometheus').nullish(),
    labelBindings: z.array(z.string().min(1)).nullish(),
    groupByFields: z.array(z.string().regex(LABEL_NAME, 'is not the name of a label')).nullish(),
    /** Adds the matchers that Kayenta adds for it: `aws_ec2_instance` or `gce_instance`. */
    resourceType: z.string().nullish(),
    aggregation: z.enum(AGGREGATIONS).nullish(),
  })
  .refine((query) => query.customInlineTemplate || query.customFilterTemplate || query.metricName, {
    message: 'give a query (customInlineTemplate) or the name of a metric (metricName)',
  });
export type PrometheusQuery = z.infer<typeof prometheusQuerySchema>;

export interface BuiltQuery {
  readonly promql: string;
  readonly warnings: readonly string[];
}

/** The PromQL for one side. @throws MetricsError `query` */
export function buildQuery(query: PrometheusQuery, scope: Scope): BuiltQuery {
  const template = query.customInlineTemplate ?? '';
  if (template === '' && query.customFilterTemplate) {
    throw new MetricsError(
      'query',
      `The template "${query.customFilterTemplate}" was not looked up in the configuration.`,
    );
  }
  const whole = template.trimStart().startsWith(WHOLE_QUERY) || !query.metricName;
  const text = whole ? template.trimStart().replace(WHOLE_QUERY, '') : aggregate(query, template, scope);
  const promql = (whole ? expand(text, scope) : text).trim();
  if (promql === '') throw new MetricsError('query', 'The query is empty. Write one after "PromQL:".');
  const asks = whole ? mentionsScope(text) : mentionsScope(templateText(query)) || hasResource(query, scope);
  const warnings = asks ? [] : [SAME_FOR_BOTH];
  if (asks && scope.location !== '' && !mentionsLocation(whole ? text : templateText(query), query, scope))
    warnings.push(EVERYWHERE);
  return { promql, warnings };
}

const EVERYWHERE =
  'The query does not say ${location}: groups of the same name in other regions are measured together with this one.';

function mentionsLocation(text: string, query: PrometheusQuery, scope: Scope): boolean {
  return /\$\\?\{\s*location\s*\}/.test(text) || hasResource(query, scope);
}

const SAME_FOR_BOTH =
  'The query does not say ${scope}, so baseline and canary get the same answer. Add it to a matcher.';

function templateText(query: PrometheusQuery): string {
  return [query.customInlineTemplate ?? '', ...(query.labelBindings ?? [])].join(',');
}

function hasResource(query: PrometheusQuery, scope: Scope): boolean {
  return Boolean(query.resourceType || scope.extra.resourceType);
}

/** `avg(metric{matchers}) by (labels)`, as Kayenta builds it. */
function aggregate(query: PrometheusQuery, template: string, scope: Scope): string {
  const bindings = query.labelBindings ?? [];
  const filters = (template ? [braceless(template)] : []).concat(bindings).map((text) => expand(text, scope));
  if (!template) filters.push(...resourceMatchers(query.resourceType || scope.extra.resourceType, scope));
  const matchers = filters.length > 0 ? `{${filters.join(',')}}` : '';
  const by = query.groupByFields?.length ? ` by (${query.groupByFields.join(',')})` : '';
  return `${query.aggregation ?? 'avg'}(${query.metricName}${matchers})${by}`;
}

function braceless(matchers: string): string {
  const text = matchers.trim();
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
}

/** Source: Kayenta's PrometheusMetricsService, for Prometheus's service discovery on EC2 and GCE. */
function resourceMatchers(resourceType: string | undefined, scope: Scope): string[] {
  if (!resourceType) return [];
  const { location } = scope;
  if (!location)
    throw new MetricsError('query', `A location is needed for the resource type ${resourceType}.`);
  switch (resourceType) {
    case 'aws_ec2_instance':
      return [expand('asg_groupName="${scope}"', scope), expand('zone=~"${location}.{1}"', scope)];
    case 'gce_instance': {
      const project = scope.extra.project ? 'projects/${project}/' : '';
      return [
        expand('instance=~"${scope}-.{4}"', scope),
        expand(`zone=~".+/${project}zones/\${location}-.{1}"`, scope),
      ];
    }
    default:
      throw new MetricsError(
        'query',
        `The resource type "${resourceType}" is not known. Write matchers in labelBindings or a template.`,
      );
  }
}
