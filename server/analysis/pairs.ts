import type { MetricPair } from '@/server/domain/canary';
import type { MeasuredSeries } from '@/server/metrics/source';

type Tags = Readonly<Record<string, string>>;

/** The two sides' series at the same tags, or why they cannot be compared. */
export type Pairing = { readonly pairs: readonly PairedSeries[] } | { readonly problem: string };

/** Null for a side that has nothing at these tags. */
export interface PairedSeries {
  readonly tags: Tags;
  readonly baseline: MeasuredSeries | null;
  readonly canary: MeasuredSeries | null;
}

/**
 * Pairs the series of one metric by their tags, as Kayenta's mixer does: equal tags belong together, what one side lacks
 * is empty there, and where only one side is told apart by tags the other's total is not used. Two sides that are
 * told apart by different names cannot be compared.
 */
export function pairSeries(baseline: readonly MeasuredSeries[], canary: readonly MeasuredSeries[]): Pairing {
  const names = [namesOf(baseline), namesOf(canary)].filter((keys) => keys.length > 0);
  const [one, other] = names;
  if (one && other && one.join() !== other.join()) {
    return {
      problem: `The baseline's series are told apart by ${one.join(', ')}, the canary's by ${other.join(', ')}: they cannot be compared.`,
    };
  }
  const sides = { baseline: byTags(baseline), canary: byTags(canary) };
  const keys = [...new Set([...sides.baseline.keys(), ...sides.canary.keys()])];
  const bothTotal = sides.baseline.has(TOTAL) && sides.canary.has(TOTAL);
  const used = keys.length > 1 && !bothTotal ? keys.filter((key) => key !== TOTAL) : keys;
  return {
    pairs: used.toSorted().map((key) => {
      const pair = { baseline: sides.baseline.get(key) ?? null, canary: sides.canary.get(key) ?? null };
      return { tags: (pair.baseline ?? pair.canary)?.tags ?? {}, ...pair };
    }),
  };
}

/** What a pair is known by among those of its metric and of others. */
export function pairId(name: string, tags: Tags): MetricPair['id'] {
  const key = keyOf(tags);
  return key === TOTAL ? name : `${name} ${key}`;
}

const TOTAL = '{}';

function keyOf(tags: Tags): string {
  return JSON.stringify(Object.fromEntries(Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function byTags(series: readonly MeasuredSeries[]): Map<string, MeasuredSeries> {
  return new Map(series.map((one) => [keyOf(one.tags), one]));
}

/** Names of the tags of those that have any. */
function namesOf(series: readonly MeasuredSeries[]): string[] {
  return [...new Set(series.flatMap(({ tags }) => Object.keys(tags)))].toSorted();
}
