'use client';

import { useLocale } from 'use-intl';

const HOUR_MS = 3_600_000;
/** Beyond this a time of day no longer says which day it is of. */
const DAY_MS = 20 * HOUR_MS;

/** Moments (Unix milliseconds) of a span of that length, as short as tells them apart. */
export function useClock(spanMs: number): (at: number) => string {
  const locale = useLocale();
  const format = new Intl.DateTimeFormat(locale, {
    ...(spanMs > DAY_MS ? { month: 'short', day: 'numeric' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(spanMs > HOUR_MS ? {} : { second: '2-digit' }),
    hour12: false,
  });
  return (at) => format.format(new Date(at));
}

/** From one moment to another, the date only once where it is the same. */
export function useTimeRange(): (from: number, to: number) => string {
  const locale = useLocale();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });
  return (from, to) => format.formatRange(new Date(from), new Date(to));
}
