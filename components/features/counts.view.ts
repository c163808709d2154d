import type { ToggleCounts } from '@/server/domain/views/toggles';

const HOUR_MS = 3_600_000;

export interface CountsBar {
  /** The moment at which it begins. */
  readonly at: number;
  /** By variant, `''` for the default in the code. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Bars of so many hours each, without gaps: a bar in which nobody asked is empty and not left out. */
export function countBars({ from, to, hours }: ToggleCounts, hoursPerBar: number): CountsBar[] {
  const width = hoursPerBar * HOUR_MS;
  const start = Math.floor(Date.parse(from) / width) * width;
  const count = Math.max(1, Math.ceil((Date.parse(to) - start) / width));
  const bars = Array.from({ length: count }, (_, index) => ({
    at: start + index * width,
    counts: Object.create(null) as Record<string, number>, // A variant may be called like a field of objects.
  }));
  for (const { hour, variant, count: added } of hours) {
    const bar = bars[Math.floor((Date.parse(hour) - start) / width)];
    if (bar) bar.counts[variant ?? ''] = (bar.counts[variant ?? ''] ?? 0) + added;
  }
  return bars;
}

/** How often each variant was served in all, the most first. */
export function countTotals({ hours }: ToggleCounts): { variant: string | null; count: number }[] {
  const totals = new Map<string | null, number>();
  for (const { variant, count } of hours) totals.set(variant, (totals.get(variant) ?? 0) + count);
  return [...totals].map(([variant, count]) => ({ variant, count })).toSorted((a, b) => b.count - a.count);
}
