import type { MetricResult, RelativeChange } from '@/server/domain/canary';

/** An interval against its limit on a line from 0 to 1. */
export interface IntervalPlot {
  /** Where nothing has changed. */
  readonly centre: number;
  readonly estimate: number | null;
  /** Null when there is no interval to draw. */
  readonly interval: {
    readonly from: number;
    readonly to: number;
    /** It goes on beyond the end of the line. */
    readonly opensLeft: boolean;
    readonly opensRight: boolean;
  } | null;
  readonly lowerLimit: number | null;
  readonly upperLimit: number | null;
  /** The values at both ends of the line. */
  readonly ends: readonly [number, number];
}

/** Limits stand at the same places in every row, at this part of the way out, so that the eye finds them. */
const LIMIT_AT = 0.4;
/** Half of the line where there is no limit: as with the usual limit of a tenth. */
const USUAL_REACH = 0.1 / LIMIT_AT;

interface Numbers {
  readonly centre: number;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly limits: readonly [number | null, number | null];
  /** Hardly any value lies below. */
  readonly least: number;
  /** Whether an end that is missing lies infinitely far out. */
  readonly unbounded: boolean;
}

/** What there is to draw: the interval of signalbox-v1, or the bare ratio of means; null when there is neither. */
function numbersOf({ assessment, ratio }: Pick<MetricResult, 'assessment' | 'ratio'>): Numbers | null {
  if (!assessment) {
    if (ratio === null) return null;
    return {
      centre: 0,
      estimate: ratio - 1,
      lower: null,
      upper: null,
      limits: [null, null],
      least: -1,
      unbounded: false,
    };
  }
  const { superiority, change, limit } = assessment;
  const limits = [limit.decrease, limit.increase] as const;
  if (superiority) return { ...superiority, centre: 0.5, limits, least: 0, unbounded: false };
  if (change.estimate === null && change.lower === null && change.upper === null) return null;
  return { ...change, centre: 0, limits, least: -1, unbounded: true };
}

/** Nothing can be less than nothing: an interval from −100 % without an upper bound says nothing at all. */
export function boundless({ lower, upper }: Pick<RelativeChange, 'lower' | 'upper'>): boolean {
  return upper === null && (lower === null || lower <= -1);
}

/** Places for a small plot that is cut at its ends (`whole` false), or for one that shows the interval whole. */
export function intervalPlot(
  result: Pick<MetricResult, 'assessment' | 'ratio'>,
  whole: boolean,
): IntervalPlot | null {
  const numbers = numbersOf(result);
  if (!numbers) return null;
  const { centre, estimate, lower, upper, limits } = numbers;
  const distances = (values: readonly (number | null)[]) =>
    values.flatMap((value) => (value === null ? [] : [Math.abs(value - centre)]));
  const byLimit = Math.max(0, ...distances(limits)) / LIMIT_AT;
  const byValues = 1.15 * Math.max(0, ...distances([estimate, lower, upper]));
  const reach = (whole ? Math.max(byLimit, byValues) : byLimit) || USUAL_REACH;
  // A small plot is even, so that limits stand at the same places; a whole one ends where values must.
  const least = Math.min(numbers.least, estimate ?? centre, lower ?? centre);
  const from = whole ? Math.max(least, centre - reach) : centre - reach;
  const to = centre + reach;
  const place = (value: number) => (value - from) / (to - from);
  const inside = (value: number) => Math.min(1, Math.max(0, place(value)));
  const missing = (value: number | null) => (value === null ? null : inside(value));
  const bounded = !boundless(numbers);
  return {
    centre: place(centre),
    estimate: missing(estimate),
    interval: bounded
      ? {
          from: lower === null ? 0 : inside(lower),
          to: upper === null ? 1 : inside(upper),
          opensLeft: lower === null ? numbers.unbounded : place(lower) < 0,
          opensRight: upper === null ? numbers.unbounded : place(upper) > 1,
        }
      : null,
    lowerLimit: missing(limits[0]),
    upperLimit: missing(limits[1]),
    ends: [from, to],
  };
}
