import type { z } from 'zod';
import { judgeNamed, judges } from '@/server/canary/registry';
import { type CanaryConfig, canaryConfigSchema } from '@/server/domain/canary';
import type { MetricsSourceType } from '@/server/metrics/source';
import { metricIssues } from '@/server/services/canary-configs/metric-issues';
import type { Issue } from '@/server/services/pipelines/validate';
import { invalid } from '@/server/services/shared/issues';

/** More would not be judged within the time of one look. */
const MAX_METRICS = 500;
const KAYENTA_JUDGE = 'netflix-aca-v1';

/** A configuration that has the shape of one. @throws AppError `bad_request` that says what keeps it from that. */
export function requireConfig(document: unknown): CanaryConfig {
  const read = canaryConfigSchema.safeParse(document);
  if (read.success) return read.data;
  throw invalid('canary configuration', zodIssues(read.error));
}

function zodIssues({ issues }: z.ZodError): Issue[] {
  return issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/** What is wrong with a configuration for a source, by its place. */
export function configIssues(document: unknown, source: MetricsSourceType): Issue[] {
  const read = canaryConfigSchema.safeParse(document);
  if (!read.success) return zodIssues(read.error);
  const config = read.data;
  const strict = judgeNamed(config.judge?.name)?.name !== KAYENTA_JUDGE;
  return [
    ...judgeIssues(config),
    ...(config.metrics.length > MAX_METRICS
      ? [{ path: 'metrics', message: `must be ${MAX_METRICS} at most` }]
      : []),
    ...config.metrics.flatMap((metric, index) =>
      metricIssues(config, metric, source, strict).map(({ path, message }) => ({
        path: `metrics.${index}.${path}`,
        message,
      })),
    ),
    ...duplicateIssues(config),
    ...scoredIssues(config),
    ...weightIssues(config, strict),
  ];
}

function judgeIssues({ judge }: CanaryConfig): Issue[] {
  if (judgeNamed(judge?.name)) return [];
  const names = Object.values(judges).map((one) => one.name);
  return [
    { path: 'judge.name', message: `there is no judge "${judge?.name}"; there are ${names.join(', ')}` },
  ];
}

function duplicateIssues({ metrics }: CanaryConfig): Issue[] {
  const first = new Map<string, number>();
  return metrics.flatMap(({ name }, index) => {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    if (before === undefined) return [];
    return [{ path: `metrics.${index}.name`, message: `"${name}" is there twice; give each its own name` }];
  });
}

function scoredIssues({ metrics }: CanaryConfig): Issue[] {
  if (metrics.some((metric) => metric.analysisConfigurations.canary?.muted !== true)) return [];
  return [{ path: 'metrics', message: 'every metric is muted, so nothing would be judged; unmute one' }];
}

/**
 * Weights that do not mean what they seem to. Kayenta takes some of them as they are, and so does its judge here.
 * @param strict whether the judge is one of ours.
 */
function weightIssues({ metrics, classifier }: CanaryConfig, strict: boolean): Issue[] {
  const weights = Object.entries(classifier.groupWeights);
  const groups = new Set(metrics.flatMap((metric) => metric.groups));
  const path = 'classifier.groupWeights';
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  const single = weights.flatMap(([group, weight]) => {
    if (weight < 0) return [{ path: `${path}.${group}`, message: 'must not be below 0' }];
    if (groups.has(group) || !strict) return [];
    return [
      { path: `${path}.${group}`, message: 'no metric is in this group; correct the name or remove it' },
    ];
  });
  const all: Issue[] = [];
  // A little over is how thirds are rounded.
  if (sum > 101) all.push({ path, message: `the weights add up to ${sum}; make it 100 at most` });
  if (weights.length > 0 && sum === 0 && [...groups].every((group) => group in classifier.groupWeights))
    all.push({ path, message: 'no group has a weight above 0, so nothing would count' });
  return [...single, ...all];
}
