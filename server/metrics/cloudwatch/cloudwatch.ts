import type { GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { MetricDataClient } from '@/server/metrics/cloudwatch/client';
import { type CloudWatchConfig, cloudWatchConfigSchema } from '@/server/metrics/cloudwatch/config';
import { periodOf } from '@/server/metrics/cloudwatch/period';
import { buildQuery, type CloudWatchQuery, cloudWatchQuerySchema } from '@/server/metrics/cloudwatch/query';
import { ResultsOnGrid } from '@/server/metrics/cloudwatch/results';
import { alignedGrid, pointsOf } from '@/server/metrics/grid';
import type { Grid, MetricsSourceType } from '@/server/metrics/source';

/** One page of CloudWatch has 100,800. */
const MAX_POINTS = 100_000;
const MINUTE_MS = 60_000;

/** CloudWatch of one account and region, by GetMetricData. */
export const cloudWatchSource: MetricsSourceType<CloudWatchConfig, CloudWatchQuery> = {
  kind: 'cloudwatch',
  label: 'Amazon CloudWatch',
  // Load balancers publish after one to three minutes.
  lagSeconds: 120,
  configSchema: cloudWatchConfigSchema,
  querySchema: cloudWatchQuerySchema,
  open(config, context) {
    const client = new MetricDataClient(config, context);
    return {
      async check(signal) {
        // The call that reads make, because nothing else shows that it is allowed. It needs no such metric.
        const query = cloudWatchQuerySchema.parse({
          type: 'cloudwatch',
          namespace: 'AWS/EC2',
          metricName: 'CPUUtilization',
        });
        const grid = alignedGrid(Date.now() - MINUTE_MS, Date.now(), MINUTE_MS);
        const { queries } = buildQuery(query, { scope: '', location: '', extra: {} }, periodOf(grid));
        for await (const _ of client.pages(inputOf(queries, grid), signal));
      },
      async read(query, scope, grid, signal) {
        const points = pointsOf(grid, MAX_POINTS);
        const { queries, isExpression, warnings } = buildQuery(query, scope, periodOf(grid));
        const input = inputOf(queries, grid);
        const results = new ResultsOnGrid(grid, points, { isExpression, scope: scope.scope });
        const said = new Set(warnings);
        for await (const page of client.pages(input, signal)) {
          results.add(page.results);
          for (const warning of page.warnings) said.add(warning);
        }
        return {
          series: results.all(),
          // As the command line of AWS takes it, too.
          literalQuery: JSON.stringify(input, null, 2),
          warnings: [...said],
        };
      },
    };
  },
};

function inputOf(queries: GetMetricDataInput['MetricDataQueries'], grid: Grid): GetMetricDataInput {
  return {
    StartTime: new Date(grid.startMs),
    // Not included, as in the contract.
    EndTime: new Date(grid.endMs),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries,
  };
}
