import type { StateLook } from '@/components/status/status.view';
import type { AnalysisStatus } from '@/server/domain/analysis';
import type { JudgementLabel, MetricResult, MetricVerdict } from '@/server/domain/canary';

/** How an analysis stands; keys of the `canary` catalogue. */
export const ANALYSIS_LOOK: { readonly [S in AnalysisStatus]: StateLook<`status.${S}`> } = {
  running: { shape: 'turning', tone: 'moving', messageKey: 'status.running' },
  inconclusive: { shape: 'triangle', tone: 'caution', messageKey: 'status.inconclusive' },
  passed: { shape: 'check', tone: 'clear', messageKey: 'status.passed' },
  failed: { shape: 'square', tone: 'danger', messageKey: 'status.failed' },
  canceled: { shape: 'cross', tone: 'off', messageKey: 'status.canceled' },
  errored: { shape: 'diamond', tone: 'danger', messageKey: 'status.errored' },
};

/** What one look said. */
export const LABEL_LOOK: { readonly [L in JudgementLabel]: StateLook<`label.${L}`> } = {
  Pass: { shape: 'check', tone: 'clear', messageKey: 'label.Pass' },
  Marginal: { shape: 'half', tone: 'caution', messageKey: 'label.Marginal' },
  Fail: { shape: 'square', tone: 'danger', messageKey: 'label.Fail' },
  Inconclusive: { shape: 'question', tone: 'caution', messageKey: 'label.Inconclusive' },
};

/** What was found out about one metric. */
export const VERDICT_LOOK: { readonly [V in MetricVerdict]: StateLook<`verdict.${V}`> } = {
  fail: { shape: 'square', tone: 'danger', messageKey: 'verdict.fail' },
  inconclusive: { shape: 'question', tone: 'caution', messageKey: 'verdict.inconclusive' },
  noData: { shape: 'ring', tone: 'caution', messageKey: 'verdict.noData' },
  error: { shape: 'diamond', tone: 'danger', messageKey: 'verdict.error' },
  pass: { shape: 'check', tone: 'clear', messageKey: 'verdict.pass' },
};

type Judged = Pick<MetricResult, 'classification' | 'muted' | 'critical' | 'assessment'>;

/** The verdict in the words of signalbox-v1, whichever judge gave it. */
export function verdictOf({ assessment, classification }: Judged): MetricVerdict {
  if (assessment) return assessment.verdict;
  switch (classification) {
    case 'Pass':
      return 'pass';
    case 'High':
    case 'Low':
      return 'fail';
    case 'Nodata':
    case 'NodataFailMetric':
      return 'noData';
    case 'Error':
      return 'error';
    case 'Inconclusive':
      return 'inconclusive';
    default:
      return classification satisfies never;
  }
}

/** Whether it counts against the canary: a failure, or something unknown that is treated as one. */
export function countsAsFailed(result: Judged): boolean {
  return (
    verdictOf(result) === 'fail' ||
    result.assessment?.policy === 'fail' ||
    result.classification === 'NodataFailMetric'
  );
}

const VERDICT_ORDER: readonly MetricVerdict[] = ['fail', 'inconclusive', 'noData', 'error', 'pass'];

function rank(result: Judged): number {
  if (result.muted) return 100;
  const grave = result.critical ? 0 : 1;
  if (countsAsFailed(result)) return grave;
  const verdict = verdictOf(result);
  return verdict === 'pass' ? 50 : 10 * (1 + grave) + VERDICT_ORDER.indexOf(verdict);
}

/** What decides first, what is well next, what does not count last; else in the order of the configuration. */
export function byGravity<Result extends Judged>(results: readonly Result[]): Result[] {
  return [...results].sort((a, b) => rank(a) - rank(b));
}
