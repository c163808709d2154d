import type { Finding } from '@/server/canary/signalbox/assess';
import { FEWEST } from '@/server/canary/signalbox/assess';
import type { Outcome } from '@/server/canary/signalbox/score';
import type { MetricPair, MetricResult } from '@/server/domain/canary';
import { type Message, message } from '@/server/domain/message';

/** The verdict on one metric for a person. */
export function metricSentence({ name: metric, error }: MetricPair, finding: Finding): Message {
  switch (finding.verdict) {
    case 'pass':
      return passed(metric, finding);
    case 'fail':
      return failed(metric, finding);
    case 'inconclusive':
      return inconclusive(metric, finding);
    case 'noData':
      return message('canary.metric.noData', { metric, side: missingSide(finding) });
    case 'error':
      return error === undefined
        ? message('canary.metric.infinite', { metric })
        : message('canary.metric.error', { metric, reason: error });
    default:
      return finding.verdict satisfies never;
  }
}

function passed(metric: string, { change, limit, small }: Finding): Message {
  if (change.estimate === 0 && change.lower === 0 && change.upper === 0)
    return message('canary.metric.alike', { metric });
  if (small && change.estimate !== null) return message('canary.metric.small', { metric, ...small });
  if (change.estimate === null) return message('canary.metric.negligible', { metric });
  const tolerated = change.estimate < 0 ? limit.decrease : limit.increase;
  return message('canary.metric.pass', {
    metric,
    ...changeValues(change),
    limit: tolerated === null ? 'none' : percent(tolerated),
  });
}

function failed(metric: string, { change, limit, superiority, direction }: Finding): Message {
  if (superiority) {
    const [lower, upper] = [superiority.lower, superiority.upper].map(percent);
    const tolerated = direction === 'increase' ? limit.increase : limit.decrease;
    return message('canary.metric.superiority', {
      metric,
      chance: percent(superiority.estimate),
      lower: lower ?? 0,
      upper: upper ?? 0,
      confidence: percent(change.confidence),
      limit: percent(tolerated ?? 0.5),
    });
  }
  if (change.estimate === null) return message('canary.metric.appeared', { metric });
  return direction === 'increase'
    ? message('canary.metric.rose', { metric, ...changeValues(change), limit: percent(limit.increase ?? 0) })
    : message('canary.metric.fell', fallValues(metric, change, limit.decrease));
}

/** A fall is told without signs: "fell 20 %, interval 10–30 %". */
function fallValues(metric: string, change: Finding['change'], limit: number | null) {
  const turned = {
    ...change,
    estimate: change.estimate === null ? null : -change.estimate,
    lower: change.upper === null ? null : -change.upper,
    upper: change.lower === null ? null : -change.lower,
  };
  return { metric, ...changeValues(turned), limit: percent(-(limit ?? 0)) };
}

function inconclusive(metric: string, finding: Finding): Message {
  const { change, obstacle, experiment, control, smallestDetectable } = finding;
  if (obstacle === 'tooFew') {
    const counts = { experiment: experiment.used, control: control.used, needed: FEWEST };
    return message('canary.metric.tooFew', { metric, ...counts });
  }
  if (change.estimate === null) return message('canary.metric.unclearFromZero', { metric });
  const values = { metric, ...changeValues(change) };
  return smallestDetectable === null
    ? message('canary.metric.unclear', values)
    : message('canary.metric.unclearFrom', { ...values, smallest: percent(Math.abs(smallestDetectable)) });
}

function missingSide({ experiment, control }: Finding): string {
  if (experiment.used === 0 && control.used === 0) return 'both';
  return experiment.used === 0 ? 'canary' : 'baseline';
}

function changeValues({ estimate, lower: least, upper, confidence }: Finding['change']) {
  // Nothing can fall by more than all of it, so that is no bound.
  const lower = least !== null && least > -1 ? least : null;
  return {
    change: percent(estimate ?? 0),
    lower: percent(lower ?? 0),
    upper: percent(upper ?? 0),
    // What of the interval has an end.
    bounds: lower === null ? (upper === null ? 'none' : 'upper') : upper === null ? 'lower' : 'both',
    confidence: percent(confidence),
  };
}

/** In percent, with no more digits than are worth reading. */
function percent(share: number): number {
  const value = share * 100;
  const size = Math.abs(value);
  const digits = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  return Number(value.toFixed(digits));
}

/** The outcome for a person: the metric that decided says why, else their number. */
export function outcomeSentence(outcome: Outcome, results: readonly MetricResult[]): Message {
  if (outcome.decidedBy) return outcome.decidedBy.sentence;
  const scored = results.filter(({ muted }) => !muted);
  if (scored.length === 0) return message('canary.outcome.nothing');
  const passed = scored.filter(({ assessment }) => assessment?.verdict === 'pass').length;
  return message('canary.outcome.pass', { passed, count: scored.length });
}
