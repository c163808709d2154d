export const UNITS = ['seconds', 'minutes', 'hours', 'days'] as const;
export type Unit = (typeof UNITS)[number];

const SECONDS: Readonly<Record<Unit, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** The largest unit in which a duration is a whole number. */
export function unitOf(seconds: number): Unit {
  return UNITS.findLast((unit) => seconds > 0 && seconds % SECONDS[unit] === 0) ?? 'seconds';
}

export function inUnit(seconds: number, unit: Unit): number {
  return seconds / SECONDS[unit];
}

/** Whole seconds: durations of a third of a minute are not worth a fraction. */
export function toSeconds(amount: number, unit: Unit): number {
  return Math.round(amount * SECONDS[unit]);
}
