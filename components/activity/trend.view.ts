import type { DeliveryTrend, TrendDay } from '@/server/domain/views/execution';

/** The kinds of ending that the chart stacks, from the bottom up, with the colour that state has everywhere. */
export const TREND_SERIES = [
  { key: 'succeeded', colour: 'var(--clear)' },
  { key: 'failed', colour: 'var(--danger)' },
  { key: 'withdrawn', colour: 'var(--off)' },
] as const satisfies readonly { key: keyof TrendDay; colour: string }[];

export function endedOn(day: TrendDay): number {
  return day.succeeded + day.failed + day.withdrawn;
}

/** Executions that ended per day, over the whole span. */
export function perDay(trend: DeliveryTrend): number {
  const all = trend.days.reduce((sum, day) => sum + endedOn(day), 0);
  return trend.days.length === 0 ? 0 : all / trend.days.length;
}
