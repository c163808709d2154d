import { pointsOf, splitGrid } from '@/server/metrics/grid';
import { PrometheusClient } from '@/server/metrics/prometheus/client';
import { type PrometheusConfig, prometheusConfigSchema } from '@/server/metrics/prometheus/config';
import { parseMatrix, SeriesOnGrid } from '@/server/metrics/prometheus/matrix';
import { buildQuery, type PrometheusQuery, prometheusQuerySchema } from '@/server/metrics/prometheus/query';
import type { MetricsSourceType } from '@/server/metrics/source';

/** Prometheus refuses more in one answer: "exceeded maximum resolution of 11,000 points". */
const POINTS_PER_REQUEST = 11_000;
const MAX_POINTS = 100_000;
/** Each is judged by itself: more come from a forgotten aggregation. */
const MAX_SERIES = 500;

/** Prometheus, and whatever speaks its HTTP API. */
export const prometheusSource: MetricsSourceType<PrometheusConfig, PrometheusQuery> = {
  kind: 'prometheus',
  label: 'Prometheus',
  configSchema: prometheusConfigSchema,
  querySchema: prometheusQuerySchema,
  open(config, context) {
    const client = new PrometheusClient(config, context);
    return {
      async check(signal) {
        await client.ready(signal);
        // Only a query shows that queries are let in; proxies often leave /-/ready open.
        await client.query('query', { query: 'vector(1)' }, signal);
      },
      async read(query, scope, grid, signal) {
        const { promql, warnings } = buildQuery(query, scope);
        const points = pointsOf(grid, MAX_POINTS);
        const series = new SeriesOnGrid(grid, points, MAX_SERIES);
        const said = new Set(warnings);
        for (const part of splitGrid(grid, POINTS_PER_REQUEST)) {
          const answer = await client.query(
            'query_range',
            {
              query: promql,
              start: seconds(part.startMs),
              // Prometheus includes the end, the contract does not.
              end: seconds(part.endMs - part.stepMs),
              step: seconds(part.stepMs),
            },
            signal,
          );
          series.add(parseMatrix(answer.data));
          for (const warning of answer.warnings) said.add(warning);
        }
        return { series: series.all(), literalQuery: promql, warnings: [...said] };
      },
    };
  },
};

function seconds(ms: number): string {
  return String(ms / 1_000);
}
