import type { AnalysisWindow } from '@/server/domain/analysis';
import type { MetricAssessment } from '@/server/domain/canary';

/** A point is young until its source has it; the newest ones are often not there yet. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600] as const;
/** So many tell something, and can still be seen one by one. */
const ENOUGH_POINTS = 60;

/** The longest step at which a window still has enough points, in seconds. */
export function usualStep(lengthMs: number): number {
  return STEPS_S.findLast((step) => lengthMs / (step * 1_000) >= ENOUGH_POINTS) ?? STEPS_S[0];
}

export const PRESETS = { m5: 300_000, m15: 900_000, h1: 3_600_000, h6: 21_600_000 } as const;
export type Preset = keyof typeof PRESETS;
export const PRESET_NAMES = ['m5', 'm15', 'h1', 'h6'] as const satisfies readonly Preset[];

/** On the grid of the step, ending at the last point that is over. */
export function windowBack(lengthMs: number, now: number, stepMs: number): AnalysisWindow {
  const endMs = Math.floor(now / stepMs) * stepMs;
  return { startMs: endMs - Math.max(stepMs, Math.round(lengthMs / stepMs) * stepMs), endMs, stepMs };
}

export type WindowProblem = 'unreadable' | 'empty' | 'future';

/** A window of two moments as they are typed, or why it is none. */
export function windowBetween(
  from: string,
  to: string,
  now: number,
  stepMs: number,
): AnalysisWindow | WindowProblem {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end)) return 'unreadable';
  const startMs = Math.floor(start / stepMs) * stepMs;
  const endMs = Math.floor(end / stepMs) * stepMs;
  if (endMs <= startMs) return 'empty';
  return endMs > now ? 'future' : { startMs, endMs, stepMs };
}

/** A moment as a field for date and time takes it: the reader's own time, to the minute. */
export function localMoment(ms: number): string {
  const offset = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offset).toISOString().slice(0, 16);
}

export interface Outlook {
  /** Whether a sample like this tells the limit from no change, most of the time; or has told already. */
  readonly state: 'enough' | 'short' | 'unknown' | 'decided';
  /** Relative changes; negative for a decrease. */
  readonly detectable: number | null;
  readonly limit: number | null;
  /** How long to measure to be sure about the limit; null when that cannot be told. */
  readonly neededMs: number | null;
}

/**
 * What a sample of this length could tell, and how long it had to be to tell what is asked. Where a verdict was found
 * without that being known, or a change that is surely too much, nothing more has to be measured.
 */
export function outlookOf(assessment: MetricAssessment, stepMs: number): Outlook {
  const { smallestDetectable, pointsNeeded, limit, verdict } = assessment;
  const points = Math.min(assessment.experiment.used, assessment.control.used);
  const expected = Math.max(assessment.experiment.expected, assessment.control.expected);
  const figures = { detectable: smallestDetectable, limit: limit.increase ?? limit.decrease };
  if (verdict === 'fail' || isHarmless(assessment)) return { ...figures, state: 'decided', neededMs: null };
  if (pointsNeeded === null) {
    const unknown = verdict === 'pass' ? 'decided' : 'unknown';
    return { ...figures, state: smallestDetectable === null ? unknown : 'enough', neededMs: null };
  }
  // Gaps stay as frequent as they are.
  const density = expected > 0 ? points / expected : 0;
  const neededMs = density > 0 ? Math.ceil(pointsNeeded / density) * stepMs : null;
  return { ...figures, state: pointsNeeded <= points ? 'enough' : 'short', neededMs };
}

/** Well although its interval does not keep to the limit: what it changed by does not matter. */
function isHarmless({ verdict, change, limit }: MetricAssessment): boolean {
  if (verdict !== 'pass' || limit.increase === null) return false;
  return change.upper === null ? change.lower !== null : change.upper > limit.increase;
}

/** A relative change as a percentage that is worth reading: 0.2432 is 24, 0.0123 is 1.2. */
export function percentOf(change: number): number {
  const percent = Math.abs(change) * 100;
  return percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2));
}
