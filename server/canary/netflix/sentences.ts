import type { MetricLabel, MetricPair, MetricResult } from '@/server/domain/canary';
import { type Message, message } from '@/server/domain/message';

export function metricSentence(
  { name: metric, error }: MetricPair,
  label: MetricLabel,
  ratio: number | null,
): Message {
  if (error !== undefined) return message('canary.metric.error', { metric, reason: error });
  switch (label) {
    case 'Pass':
      return message('canary.metric.alike', { metric });
    case 'High':
    case 'Low':
      return ratio === null
        ? message(`canary.metric.netflix${label}`, { metric })
        : message(`canary.metric.netflix${label}By`, { metric, ratio: Number(ratio.toPrecision(3)) });
    case 'Nodata':
    case 'NodataFailMetric':
      return message('canary.metric.noData', { metric, side: 'either' });
    case 'Error':
    case 'Inconclusive':
      return message('canary.metric.untold', { metric });
    default:
      return label satisfies never;
  }
}

/** The metric that decided says why; when all is well their number does. */
export function judgementSentence(results: readonly MetricResult[], passed: boolean): Message {
  const scored = results.filter(({ muted }) => !muted);
  const bad = scored.filter(({ classification }) => classification !== 'Pass');
  const well = message('canary.outcome.pass', { passed: scored.length - bad.length, count: scored.length });
  if (passed) return well;
  return (bad.find(({ critical }) => critical) ?? bad.find(isFailure) ?? bad[0])?.sentence ?? well;
}

function isFailure({ classification }: MetricResult): boolean {
  return classification === 'High' || classification === 'Low' || classification === 'NodataFailMetric';
}
