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
