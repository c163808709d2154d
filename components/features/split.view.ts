import type { Split } from '@/server/domain/toggle-rules';
import { shareOf, withShare } from '@/server/toggles/rules/shares';

/** Units of a split that people edit: fine enough for a tenth of a percent. */
const UNITS = 100_000;

/** Everyone gets `everyone`, and the other variants stand ready at 0 %. */
export function newSplit(variants: readonly string[], everyone: string): Split {
  const names = variants.includes(everyone) ? variants : [...variants, everyone];
  const buckets = names.map((variant) => ({ variant, weight: variant === everyone ? UNITS : 0 }));
  return { kind: 'split', by: null, buckets };
}

/** Those that are the feature first, and last what the others get. */
export function inSplitOrder(variants: readonly string[], rest: string | null): string[] {
  const others = variants.filter((variant) => variant !== rest);
  return others.length === variants.length ? others : [...others, ...(rest === null ? [] : [rest])];
}

/** From 0 to 100. */
export function percentOf(split: Split, variant: string): number {
  const { weight, total } = shareOf(split, variant);
  return total === 0 ? 0 : (weight / total) * 100;
}

/** Percent with one digit behind the point at most. */
export function roundPercent(percent: number): number {
  return Math.round(percent * 10) / 10;
}

/** Who takes what a slider gives back: who does not get the feature where that takes part, else who has the most. */
export function restOf(split: Split, preferred: string | null): string {
  const names = variantsOf(split);
  if (preferred !== null && names.includes(preferred)) return preferred;
  return names.toSorted((a, b) => percentOf(split, b) - percentOf(split, a))[0] ?? '';
}

/** Every variant of a split once, in the order of its buckets. */
export function variantsOf(split: Split): string[] {
  return [...new Set(split.buckets.map(({ variant }) => variant))];
}

/** The split in which a variant has this percentage, as far as `rest` can give it. Nobody else moves. */
export function withPercent(split: Split, variant: string, percent: number, rest: string): Split {
  const finer = inUnits(split);
  const { weight: own, total } = shareOf(finer, variant);
  const most = own + shareOf(finer, rest).weight;
  const wanted = Math.round((Math.min(100, Math.max(0, percent)) / 100) * total);
  return withShare(finer, variant, Math.min(wanted, most), rest);
}

/** The highest percentage that a variant can have at the cost of `rest`. */
export function mostOf(split: Split, variant: string, rest: string): number {
  return percentOf(split, variant) + percentOf(split, rest);
}

/** With a variant that takes no part yet, at 0 %. */
export function withVariant(split: Split, variant: string): Split {
  if (variantsOf(split).includes(variant)) return split;
  return { ...split, buckets: [{ variant, weight: 0 }, ...split.buckets] };
}

/** Every threshold stays where it was. */
function inUnits(split: Split): Split {
  const { total } = shareOf(split, '');
  if (total === 0) return newSplit(variantsOf(split), variantsOf(split).at(-1) ?? '');
  const factor = Math.ceil(UNITS / total);
  return {
    ...split,
    buckets: split.buckets.map(({ variant, weight }) => ({ variant, weight: weight * factor })),
  };
}
