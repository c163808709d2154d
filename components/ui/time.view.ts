const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type AgeUnit = 'seconds' | 'minutes' | 'hours' | 'days';
export interface Age {
  readonly unit: AgeUnit;
  readonly count: number;
}

/** An age in its largest whole unit; a clock that is ahead of ours counts as no age. */
export function age(ms: number): Age {
  const positive = Math.max(0, ms);
  if (positive < MINUTE) return { unit: 'seconds', count: Math.floor(positive / SECOND) };
  if (positive < HOUR) return { unit: 'minutes', count: Math.floor(positive / MINUTE) };
  if (positive < 2 * DAY) return { unit: 'hours', count: Math.floor(positive / HOUR) };
  return { unit: 'days', count: Math.floor(positive / DAY) };
}

/** How long until the text of an age changes, for the ticker. */
export function tickEvery(ms: number): number {
  const distance = Math.abs(ms);
  return distance < MINUTE ? SECOND : 10 * SECOND;
}

export type DurationParts =
  | { readonly key: 'millis' | 'seconds'; readonly values: { readonly count: number } }
  | {
      readonly key: 'minutesSeconds';
      readonly values: { readonly minutes: number; readonly seconds: number };
    }
  | { readonly key: 'hoursMinutes'; readonly values: { readonly hours: number; readonly minutes: number } }
  | { readonly key: 'daysHours'; readonly values: { readonly days: number; readonly hours: number } };

/** A duration in at most two units. Below a second only when it is exact (`precise`). */
export function durationParts(ms: number, precise: boolean): DurationParts {
  const positive = Math.max(0, ms);
  if (precise && positive < SECOND) return { key: 'millis', values: { count: Math.round(positive) } };
  if (positive < MINUTE) return { key: 'seconds', values: { count: Math.floor(positive / SECOND) } };
  if (positive < HOUR) {
    const minutes = Math.floor(positive / MINUTE);
    return { key: 'minutesSeconds', values: { minutes, seconds: Math.floor((positive % MINUTE) / SECOND) } };
  }
  if (positive < DAY) {
    const hours = Math.floor(positive / HOUR);
    return { key: 'hoursMinutes', values: { hours, minutes: Math.floor((positive % HOUR) / MINUTE) } };
  }
  return {
    key: 'daysHours',
    values: { days: Math.floor(positive / DAY), hours: Math.floor((positive % DAY) / HOUR) },
  };
}
