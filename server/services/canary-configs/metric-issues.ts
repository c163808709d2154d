import type { CanaryConfig, CanaryMetric, MetricAnalysis } from '@/server/domain/canary';
import { withNamedTemplate } from '@/server/metrics/named-template';
import { MetricsError, type MetricsSourceType } from '@/server/metrics/source';
import type { Issue } from '@/server/services/pipelines/validate';

const CANARY = 'analysisConfigurations.canary';

/**
 * What is wrong with one metric, by its place in it.
 * @param strict whether the judge is one of ours; Kayenta's reads many things as something else instead.
 */
export function metricIssues(
  config: CanaryConfig,
  metric: CanaryMetric,
  source: MetricsSourceType,
  strict: boolean,
): Issue[] {
  const analysis = metric.analysisConfigurations.canary ?? {};
  return [
    ...queryIssues(config, metric, source),
    ...trafficIssues(config, metric),
    ...(analysis.critical === true && analysis.muted === true
      ? [
          {
            path: `${CANARY}.critical`,
            message: 'cannot be critical while it is muted: what is muted is not scored; choose one',
          },
        ]
      : []),
    ...(strict ? [...wordIssues(analysis), ...limitIssues(analysis)] : []),
  ];
}

function queryIssues(config: CanaryConfig, { query }: CanaryMetric, source: MetricsSourceType): Issue[] {
  if (query.type !== source.kind) {
    const message = `is a query of "${query.type}", and the metrics source is ${source.label}; write one of "${source.kind}"`;
    return [{ path: 'query.type', message }];
  }
  try {
    const read = source.querySchema.safeParse(withNamedTemplate(query, config.templates));
    return (read.error?.issues ?? []).map(({ path, message }) => ({
      path: ['query', ...path.map(String)].join('.'),
      message,
    }));
  } catch (error) {
    if (error instanceof MetricsError)
      return [{ path: 'query.customFilterTemplate', message: error.message }];
    throw error;
  }
}

function trafficIssues({ metrics }: CanaryConfig, { name, traffic }: CanaryMetric): Issue[] {
  if (traffic === undefined || traffic === '') return [];
  const others = metrics.map((metric) => metric.name).filter((other) => other !== name);
  if (others.includes(traffic)) return [];
  const message = `there is no other metric "${traffic}"; there are ${others.join(', ') || 'none'}`;
  return [{ path: 'traffic', message }];
}

/** A word that the judge does not know would count as the default. */
function wordIssues({ direction, nanStrategy, outliers, effectSize }: MetricAnalysis): Issue[] {
  const words: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ['direction', direction, ['increase', 'decrease', 'either']],
    ['nanStrategy', nanStrategy, ['remove', 'replace']],
    ['outliers.strategy', outliers?.strategy, ['keep', 'remove']],
    ['effectSize.measure', effectSize?.measure, ['meanRatio', 'cles']],
  ];
  return words.flatMap(([path, word, known]) =>
    word === undefined || known.includes(word)
      ? []
      : [{ path: `${CANARY}.${path}`, message: `"${word}" is not known; choose ${known.join(' or ')}` }],
  );
}

/** Limits by which everything or nothing would fail. */
function limitIssues({ effectSize = {} }: MetricAnalysis): Issue[] {
  const { allowedIncrease, allowedDecrease, criticalIncrease, criticalDecrease, negligible } = effectSize;
  const chance = effectSize.measure === 'cles';
  const none = chance ? 0.5 : 1;
  const issues: Issue[] = [];
  const say = (field: string, message: string) =>
    issues.push({ path: `${CANARY}.effectSize.${field}`, message });
  const increase = chance
    ? `must be from 0.5 to 1: the chance that a value of the canary is the larger one`
    : `must be 1 or more: 1.1 allows a tenth more`;
  const decrease = chance
    ? `must be from 0 to 0.5: the chance that a value of the canary is the larger one`
    : `must be from 0 to 1: 0.9 allows a tenth less`;
  for (const [field, value] of Object.entries({ allowedIncrease, criticalIncrease }))
    if (value !== undefined && (value < none || (chance && value > 1))) say(field, increase);
  for (const [field, value] of Object.entries({ allowedDecrease, criticalDecrease }))
    if (value !== undefined && (value > none || value < 0)) say(field, decrease);
  if (allowedIncrease !== undefined && criticalIncrease !== undefined && criticalIncrease < allowedIncrease)
    say('criticalIncrease', 'must not be below the allowed increase');
  if (allowedDecrease !== undefined && criticalDecrease !== undefined && criticalDecrease > allowedDecrease)
    say('criticalDecrease', 'must not be above the allowed decrease');
  if (negligible !== undefined && negligible < 0) say('negligible', 'must not be below 0');
  return issues;
}
