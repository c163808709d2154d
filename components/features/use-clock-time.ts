'use client';

import { useLocale } from 'use-intl';

/** A moment of the days around now, short: its time of day, and its date unless it is today. */
export function useClockTime(): (at: string | number) => string {
  const locale = useLocale();
  return (at) => {
    const date = new Date(at);
    const isToday = date.toDateString() === new Date().toDateString();
    const day = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
    return new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit' }).format(date);
  };
}

/** A moment as clocks in a time zone show it, with the zone's name. */
export function useZonedTime(): (at: string, timeZone: string) => string {
  const locale = useLocale();
  return (at, timeZone) => {
    const format = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
    return `${new Intl.DateTimeFormat(locale, format).format(new Date(at))} (${timeZone})`;
  };
}
