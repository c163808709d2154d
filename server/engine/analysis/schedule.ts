import type { AnalysisOptions, AnalysisWindow } from '@/server/domain/analysis';
import type { CanaryAction } from '@/server/domain/canary';

/** When an analysis looks, and over which window each time. Pure. */
export interface Schedule {
  /** Looks until the last planned one. */
  readonly planned: number;
  /** Looks until it gives up measuring on. */
  readonly most: number;
  readonly sliding: boolean;
  /** Whether there will be more points later. */
  readonly live: boolean;
  /** Points of the window at the last planned look. */
  readonly plannedPoints: number;
  /** Time of the stage that must have passed before the look, held time not counted; in milliseconds. */
  dueMs(number: number): number;
  /** What the look sees; null while it holds no point. */
  window(number: number, clock: { readonly nowMs: number; readonly activeMs: number }): AnalysisWindow | null;
}

/**
 * Of an analysis of what is running now. The windows follow the clock: one that was held sees what happened meanwhile,
 * and none of them reaches into the time before its warm-up was over.
 */
export function liveSchedule(options: AnalysisOptions, lagSeconds: number): Schedule {
  const { warmupSeconds, intervalSeconds, lifetimeSeconds, lookbackSeconds, stepSeconds } = options;
  const planned = Math.max(1, Math.floor(lifetimeSeconds / intervalSeconds));
  const more = Math.floor((options.extendSeconds ?? lifetimeSeconds) / intervalSeconds);
  const stepMs = stepSeconds * 1_000;
  return {
    planned,
    most: planned + more,
    sliding: lookbackSeconds > 0,
    live: true,
    plannedPoints: Math.floor(lifetimeSeconds / stepSeconds),
    dueMs: (number) => (warmupSeconds + number * intervalSeconds + lagSeconds) * 1_000,
    window(_, { nowMs, activeMs }) {
      const from = nowMs - activeMs + warmupSeconds * 1_000;
      const end = nowMs - lagSeconds * 1_000;
      return aligned(Math.max(from, lookbackSeconds > 0 ? end - lookbackSeconds * 1_000 : from), end, stepMs);
    },
  };
}

/** Of an analysis of what has been. Every look is due at once. */
export function pastSchedule(options: AnalysisOptions, startMs: number, endMs: number): Schedule {
  const { intervalSeconds, lookbackSeconds, stepSeconds } = options;
  const stepMs = stepSeconds * 1_000;
  const planned = Math.max(1, Math.floor((endMs - startMs) / (intervalSeconds * 1_000)));
  return {
    planned,
    most: planned,
    sliding: lookbackSeconds > 0,
    live: false,
    plannedPoints: Math.floor((endMs - startMs) / stepMs),
    dueMs: () => 0,
    window(number) {
      // What the intervals leave over belongs to the last look.
      const end = number >= planned ? endMs : startMs + number * intervalSeconds * 1_000;
      return aligned(
        lookbackSeconds > 0 ? Math.max(startMs, end - lookbackSeconds * 1_000) : startMs,
        end,
        stepMs,
      );
    },
  };
}

/** The whole steps within it, on multiples of the step since 1970, so that both sides and all looks share a grid. */
function aligned(fromMs: number, toMs: number, stepMs: number): AnalysisWindow | null {
  const startMs = Math.ceil(fromMs / stepMs) * stepMs;
  const endMs = Math.floor(toMs / stepMs) * stepMs;
  return endMs > startMs ? { startMs, endMs, stepMs } : null;
}

/** What follows from a look. */
export type Course = 'measureOn' | 'passed' | 'failed' | 'askPerson';

/**
 * Between looks only a failure ends the analysis: everything else may still change. The last one decides; when it
 * cannot, it is measured on if that may help, and in the end a person is asked.
 */
export function courseAfter(number: number, action: CanaryAction, { planned, most }: Schedule): Course {
  if (action === 'fail') return 'failed';
  if (number < planned) return 'measureOn';
  switch (action) {
    case 'pass':
      return 'passed';
    case 'continue':
      return 'failed';
    case 'extend':
      return number < most ? 'measureOn' : 'askPerson';
    case 'askPerson':
      return 'askPerson';
    default:
      return action satisfies never;
  }
}
