import { type MetricDataQuery, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { expandExpression, expandValue, mentionsScope } from '@/server/metrics/cloudwatch/expand';
import type { Scope } from '@/server/metrics/source';

/** By which the answer of an expression is known. */
export const RESULT_ID = 'result';
const METRIC_ID = 'metric';

/** Of a metric. */
const MAX_DIMENSIONS = 30;
/** CloudWatch takes 500 in one request; more than a few come from a mistake. */
const MAX_QUERIES = 100;
const QUERY_ID = /^[a-z]\w{0,254}$/;
const STATISTIC =
  /^(?:SampleCount|Average|Sum|Minimum|Maximum|IQM|(?:p|tm|wm|tc|ts)\d{1,3}(?:\.\d{1,10})?|(?:TM|WM|PR|TC|TS)\([\d.%:]+\))$/;

const metricFields = {
  namespace: z.string().regex(/^[^:][^\p{Cc}]{0,254}$/u, 'is not a namespace, such as AWS/EC2'),
  metricName: z.string().min(1).max(255),
  /** Exactly those by which the metric is published: CloudWatch does not add up over the others. */
  dimensions: z
    .record(z.string().min(1).max(255), z.string().min(1).max(1_024))
    .refine((all) => Object.keys(all).length <= MAX_DIMENSIONS, `has more than ${MAX_DIMENSIONS}`)
    .default({}),
  statistic: z
    .string()
    .regex(STATISTIC, 'is not a statistic, such as Average, Sum or p99')
    .default('Average'),
  /** Only what was published with it; all when absent. Nothing is converted. */
  unit: z.enum(StandardUnit).nullish(),
};

const subQuerySchema = z.looseObject({
  /** How the expression calls it. */
  id: z
    .string()
    .regex(QUERY_ID, 'must begin with a small letter and have letters, digits and _')
    .refine((id) => id !== RESULT_ID, `must be another word than "${RESULT_ID}"`),
  ...metricFields,
});
type SubQuery = z.infer<typeof subQuerySchema>;

/**
 * What a metric asks of CloudWatch: one metric, or an expression (metric math, a search, Metrics Insights) over
 * `queries`.
 */
export const cloudWatchQuerySchema = z
  .looseObject({
    type: z.literal('cloudwatch'),
    namespace: metricFields.namespace.nullish(),
    metricName: metricFields.metricName.nullish(),
    dimensions: metricFields.dimensions,
    statistic: metricFields.statistic,
    unit: metricFields.unit,
    expression: z.string().trim().min(1).max(2_048).nullish(),
    queries: z.array(subQuerySchema).max(MAX_QUERIES).nullish(),
  })
  .refine((query) => !query.metricName === !query.namespace, {
    message: 'a metric has a name and a namespace',
    path: ['namespace'],
  })
  .refine((query) => !query.metricName !== !query.expression, {
    message: 'give a metric (namespace and metricName), or an expression',
    path: ['metricName'],
  })
  .refine((query) => query.expression || !query.queries?.length, {
    message: 'queries are for an expression',
    path: ['queries'],
  })
  .refine(({ queries }) => new Set(queries?.map(({ id }) => id)).size === (queries?.length ?? 0), {
    message: 'each needs an id of its own',
    path: ['queries'],
  });
export type CloudWatchQuery = z.infer<typeof cloudWatchQuerySchema>;

export interface BuiltQuery {
  readonly queries: MetricDataQuery[];
  /** May give several series, which are told apart by their labels. */
  readonly isExpression: boolean;
  readonly warnings: readonly string[];
}

/** What is asked for one side. @throws MetricsError `query` */
export function buildQuery(query: CloudWatchQuery, scope: Scope, periodSeconds: number): BuiltQuery {
  const { namespace, metricName, dimensions, statistic, unit, expression } = query;
  if (expression) {
    const parts = query.queries ?? [];
    const result: MetricDataQuery = {
      Id: RESULT_ID,
      Expression: expandExpression(expression, scope),
      Period: periodSeconds,
    };
    const asked = parts.map((part) => ({
      ...metricQuery(part, scope, periodSeconds),
      ReturnData: false,
    }));
    const asks = mentionsScope(expression) || parts.some(hasScope);
    return { queries: [...asked, result], isExpression: true, warnings: warningsOf(asks) };
  }
  const metric = {
    id: METRIC_ID,
    // Without an expression the schema wants both.
    namespace: namespace ?? '',
    metricName: metricName ?? '',
    dimensions,
    statistic,
    unit,
  };
  return {
    queries: [metricQuery(metric, scope, periodSeconds)],
    isExpression: false,
    warnings: warningsOf(hasScope(metric)),
  };
}

function metricQuery(
  { id, namespace, metricName, dimensions, statistic, unit }: SubQuery,
  scope: Scope,
  periodSeconds: number,
): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, value]) => ({
          Name,
          Value: expandValue(value, scope),
        })),
      },
      Period: periodSeconds,
      Stat: statistic,
      ...(unit ? { Unit: unit } : {}),
    },
  };
}

function hasScope({ dimensions }: Pick<SubQuery, 'dimensions'>): boolean {
  return Object.values(dimensions).some(mentionsScope);
}

const SAME_FOR_BOTH =
  'The query does not say ${scope}, so baseline and canary get the same answer. Add it to a dimension.';

function warningsOf(asksForScope: boolean): string[] {
  return asksForScope ? [] : [SAME_FOR_BOTH];
}
