type Values = readonly (number | null)[];

export interface Quartiles {
  readonly min: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly max: number;
}

export interface Distribution {
  /** The values at both ends; what lies beyond is in the first or last bin. */
  readonly from: number;
  readonly to: number;
  /** Share of the side's own values in each bin, 0..1. */
  readonly baseline: readonly number[];
  readonly canary: readonly number[];
  /** Null for a side without values. */
  readonly quartiles: { readonly baseline: Quartiles | null; readonly canary: Quartiles | null };
}

const BINS = 28;
/** Rare values farther out than this many times what 98 % of them span would squeeze all others into one bin. */
const FAR_OUT = 3;

const sorted = (values: Values) => values.filter((value) => value !== null).toSorted((a, b) => a - b);

/** How the values of both sides are spread, on one scale; null when neither has any. */
export function distributionOf(sides: {
  readonly baseline: Values;
  readonly canary: Values;
}): Distribution | null {
  const [baseline, canary] = [sorted(sides.baseline), sorted(sides.canary)];
  const all = sorted([...baseline, ...canary]);
  const [min, max] = [all[0], all.at(-1)];
  if (min === undefined || max === undefined) return null;
  const [low, high] = [percentile(all, 1), percentile(all, 99)];
  const cut = high > low && max - min > FAR_OUT * (high - low);
  const [from, to] = cut ? [low, high] : [min, max];
  const shares = (values: readonly number[]) => {
    const bins = Array<number>(BINS).fill(0);
    for (const value of values) {
      const place = to === from ? BINS / 2 : ((value - from) / (to - from)) * BINS;
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(place)));
      bins[bin] = (bins[bin] ?? 0) + 1 / values.length;
    }
    return bins;
  };
  return {
    from,
    to,
    baseline: shares(baseline),
    canary: shares(canary),
    quartiles: { baseline: quartilesOf(baseline), canary: quartilesOf(canary) },
  };
}

function quartilesOf(values: readonly number[]): Quartiles | null {
  const [min, max] = [values[0], values.at(-1)];
  if (min === undefined || max === undefined) return null;
  return {
    min,
    lower: percentile(values, 25),
    median: percentile(values, 50),
    upper: percentile(values, 75),
    max,
  };
}

/** Linear between the neighbours (R-7, as spreadsheets do); of sorted values. */
function percentile(values: readonly number[], percent: number): number {
  const place = ((values.length - 1) * percent) / 100;
  const below = values[Math.floor(place)] ?? 0;
  const above = values[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
