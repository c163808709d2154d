import { type Change, changeOf } from '@/server/canary/signalbox/change';
import { ALPHA, type Critical, PASSING } from '@/server/canary/signalbox/critical';
import {
  chanceLimitsOf,
  chanceRuledOutBy,
  type Limits,
  limitsOf,
  ruledOutBy,
} from '@/server/canary/signalbox/limits';
import { detectable, pointsNeeded } from '@/server/canary/signalbox/power';
import type { Side, Sides } from '@/server/canary/signalbox/sides';
import type { Bounds } from '@/server/canary/stats/bounds';
import { describeSeries } from '@/server/canary/stats/describe-series';
import { superiority } from '@/server/canary/stats/superiority';
import type { MetricAnalysis, MetricAssessment, MetricKind, SampleCount } from '@/server/domain/canary';

/** What there is to say about one metric, before anybody's policy. */
export type Finding = Omit<MetricAssessment, 'policy'> & {
  /** Why there is no verdict; null when there is one. */
  readonly obstacle: 'missing' | 'infinite' | 'tooFew' | 'unclear' | null;
  readonly direction: 'increase' | 'decrease' | null;
  /** Why it passes although its change alone would not have passed: the canary's mean is surely no higher than `most`. */
  readonly small: { readonly most: number; readonly negligible: number } | null;
};

/** With fewer on a side not even complete separation is worth a verdict. */
export const FEWEST = 5;
/** Independent points on a side under which a verdict is marked. */
const FEW = 20;
/** Share of the window without a value from which a verdict is marked. */
const GAPS = 1 / 3;

/** Judges one metric on its own. */
export function assess(
  sides: Sides,
  kind: MetricKind,
  analysis: MetricAnalysis,
  criticalOf: Critical,
): Finding {
  const { canary, baseline } = sides;
  const unjudged = unjudgedFinding(sides, kind, analysis);
  if (canary.values.length === 0 || baseline.values.length === 0)
    return { ...unjudged, verdict: 'noData', obstacle: 'missing' };
  if (![...canary.values, ...baseline.values].every(Number.isFinite))
    return { ...unjudged, verdict: 'error', obstacle: 'infinite' };
  if (Math.min(canary.values.length, baseline.values.length) < FEWEST)
    return { ...unjudged, verdict: 'inconclusive', obstacle: 'tooFew' };
  return compared(sides, changeOf(canary, baseline, kind), analysis, unjudged, criticalOf);
}

function compared(
  { canary, baseline }: Sides,
  change: Change,
  analysis: MetricAnalysis,
  unjudged: Finding,
  criticalOf: Critical,
): Finding {
  const points = harmonic(canary, baseline);
  const critical = criticalOf(points / change.inflation);
  const bounds = change.bounds(critical);
  const chance =
    analysis.effectSize?.measure === 'cles' ? chanceOf(canary, baseline, change.inflation) : null;
  const measured = chance ?? change;
  const limit = chance ? chanceLimitsOf(analysis) : limitsOf(analysis);
  const ruledOut = chance ? chanceRuledOutBy(limit) : ruledOutBy(limit);
  const judged = judge(measured, measured === change ? bounds : measured.bounds(critical), limit, ruledOut);
  const small = smallness(canary, analysis);
  const experiment = countOf(canary, change.inflation);
  const control = countOf(baseline, change.inflation);
  return {
    ...unjudged,
    ...(small ? PASSED : judged),
    small: judged.verdict === 'pass' ? null : small,
    change: {
      estimate: finite(change.estimate),
      lower: finite(bounds.lower),
      upper: finite(bounds.upper),
      confidence: 1 - ALPHA,
    },
    limit,
    superiority: chance ? { estimate: chance.estimate, ...chance.bounds(critical) } : null,
    smallestDetectable: chance ? null : detectable(change.logError, critical, limit),
    pointsNeeded: chance ? null : pointsNeeded(change.logError, points, PASSING, ruledOut, FEWEST),
    experiment,
    control,
    lowConfidence: [experiment, control].some(isThin),
  };
}

const PASSED = { verdict: 'pass', obstacle: null, direction: null } as const;

type Measured = Pick<Change, 'bounds'>;
type Outcome = Pick<Finding, 'verdict' | 'obstacle' | 'direction'>;

/**
 * Failed when all that is in keeping with the data lies beyond the limit, however often one has looked; passed when
 * the limit is ruled out by the data as they are; unclear between the two.
 */
function judge(measured: Measured, { lower, upper }: Bounds, limit: Limits, ruledOut: Limits): Outcome {
  if (limit.increase !== null && lower > limit.increase)
    return { verdict: 'fail', obstacle: null, direction: 'increase' };
  if (limit.decrease !== null && upper < limit.decrease)
    return { verdict: 'fail', obstacle: null, direction: 'decrease' };
  const likely = measured.bounds(PASSING);
  const noMore = ruledOut.increase === null || likely.upper < ruledOut.increase;
  const noLess = ruledOut.decrease === null || likely.lower > ruledOut.decrease;
  return noMore && noLess ? PASSED : { verdict: 'inconclusive', obstacle: 'unclear', direction: null };
}

/** A canary whose mean is surely so small is well, whatever it is relative to the baseline's; null when it is not. */
function smallness(canary: Side, { effectSize, direction }: MetricAnalysis): Finding['small'] {
  if (effectSize?.negligible === undefined || direction === 'decrease') return null;
  const { mean, std, count } = describeSeries(canary.values);
  const most = mean + (PASSING * std) / Math.sqrt(count);
  return most <= effectSize.negligible ? { most, negligible: effectSize.negligible } : null;
}

function chanceOf(canary: Side, baseline: Side, inflation: number): Measured & { estimate: number } {
  const { estimate, standardError } = superiority(canary.values, baseline.values);
  const error = standardError * Math.sqrt(inflation);
  const bounds = (critical: number): Bounds => ({
    lower: Math.max(0, estimate - critical * error),
    upper: Math.min(1, estimate + critical * error),
  });
  return { estimate, bounds };
}

function unjudgedFinding({ canary, baseline }: Sides, kind: MetricKind, analysis: MetricAnalysis): Finding {
  return {
    verdict: 'inconclusive',
    obstacle: 'unclear',
    direction: null,
    small: null,
    kind,
    change: { estimate: null, lower: null, upper: null, confidence: 1 - ALPHA },
    limit: analysis.effectSize?.measure === 'cles' ? chanceLimitsOf(analysis) : limitsOf(analysis),
    superiority: null,
    smallestDetectable: null,
    pointsNeeded: null,
    experiment: countOf(canary, 1),
    control: countOf(baseline, 1),
    lowConfidence: true,
  };
}

function countOf({ grid, values, countedAsZero }: Side, inflation: number): SampleCount {
  const used = values.length;
  return { expected: grid.length, used, countedAsZero, effective: Math.floor(used / inflation) };
}

function isThin({ expected, used, effective }: SampleCount): boolean {
  return effective < FEW || used < expected * (1 - GAPS);
}

/** Points per side that two sides of unequal length are worth. */
function harmonic(a: Side, b: Side): number {
  return 2 / (1 / a.values.length + 1 / b.values.length);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
