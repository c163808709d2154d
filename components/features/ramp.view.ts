import type { RampView } from '@/server/domain/views/toggles';

/** The percentages of a ramp in so many equal steps, from where it stands up to its end. */
export function rampSteps(from: number, to: number, count: number): number[] {
  const steps = Array.from({ length: count }, (_, index) => from + ((to - from) * (index + 1)) / count);
  // Two steps that round to the same are one.
  return [...new Set(steps.map((percent) => Math.round(percent * 10) / 10))].filter(
    (percent) => percent > from,
  );
}

/** The engine allows no shorter step. */
const SHORTEST_SECONDS = 5;

/** How long each step lasts for the whole to take so long; the one that reaches everyone does not last. */
export function holdOf(totalMinutes: number, percentages: readonly number[]): number {
  const lasting = percentages.filter((percent) => percent < 100).length;
  return Math.max(SHORTEST_SECONDS, Math.round((totalMinutes * 60) / Math.max(1, lasting)));
}

/** The numbers of a ramp as they are typed. */
export interface TypedRamp {
  readonly to: string;
  readonly count: string;
  readonly minutes: string;
}

export type RampField = keyof TypedRamp;

/** What a number may be; the engine takes no step longer than a week. */
export const RAMP_LIMITS = {
  to: { min: 1, max: 100 },
  count: { min: 1, max: 20 },
  minutes: { min: 1, max: 10_080 },
} as const satisfies Record<RampField, { min: number; max: number }>;

export interface RampPlan {
  readonly percentages: readonly number[];
  readonly holdSeconds: number;
  readonly minutes: number;
}

/** What was typed, as a plan; or which of the numbers are none that can be. */
export function readRamp(
  typed: TypedRamp,
  from: number,
): { readonly wrong: readonly RampField[]; readonly plan: RampPlan | null } {
  const to = numberIn(typed, 'to');
  const count = numberIn(typed, 'count');
  const minutes = numberIn(typed, 'minutes');
  if (to === null || count === null || minutes === null) {
    const read = { to, count, minutes };
    const fields = Object.keys(RAMP_LIMITS) as RampField[];
    return { wrong: fields.filter((field) => read[field] === null), plan: null };
  }
  const percentages = rampSteps(from, to, count);
  return { wrong: [], plan: { percentages, holdSeconds: holdOf(minutes, percentages), minutes } };
}

function numberIn(typed: TypedRamp, field: RampField): number | null {
  const text = typed[field].trim();
  const value = Number(text);
  const { min, max } = RAMP_LIMITS[field];
  if (text === '' || Number.isNaN(value) || value < min || value > max) return null;
  return field === 'to' || Number.isInteger(value) ? value : null;
}

/** When each step would be taken, were it begun now. */
export function stepTimes(
  { percentages, holdSeconds }: RampPlan,
  now: number,
): readonly { readonly percent: number; readonly at: number }[] {
  return percentages.map((percent, index) => ({ percent, at: now + index * holdSeconds * 1_000 }));
}

/** Which sentence says how far a ramp is, and which what comes next; null for none. */
export function rampWords({ step, next, asks, isStopping }: RampView): {
  readonly now: 'before' | 'at' | 'stopping';
  readonly after: 'review' | 'unclear' | 'nextAt' | 'next' | 'last' | null;
} {
  if (isStopping) return { now: 'stopping', after: null };
  const now = step === 0 ? 'before' : 'at';
  if (asks) return { now, after: asks };
  if (!next) return { now, after: 'last' };
  return { now, after: next.at === null ? 'next' : 'nextAt' };
}
