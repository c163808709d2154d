import { type Grid, MetricsError } from '@/server/metrics/source';

/** The smallest grid of whole steps that covers the window, on multiples of the step since 1970. */
export function alignedGrid(startMs: number, endMs: number, stepMs: number): Grid {
  return {
    startMs: Math.floor(startMs / stepMs) * stepMs,
    endMs: Math.ceil(endMs / stepMs) * stepMs,
    stepMs,
  };
}

/**
 * How many points it has.
 * @throws MetricsError `query` when it is not aligned, `tooMuch` when it has more points than `limit`.
 */
export function pointsOf({ startMs, endMs, stepMs }: Grid, limit: number): number {
  const whole = [startMs, endMs, stepMs].every((value) => Number.isSafeInteger(value));
  if (!whole || stepMs <= 0 || startMs % stepMs !== 0 || endMs % stepMs !== 0) {
    throw new MetricsError(
      'query',
      `The window from ${startMs} to ${endMs} is not on steps of ${stepMs} ms. Align both ends to the step.`,
    );
  }
  const points = (endMs - startMs) / stepMs;
  if (points < 1) throw new MetricsError('query', 'The window ends before its first point. Make it longer.');
  if (points > limit) {
    throw new MetricsError(
      'tooMuch',
      `The window has ${points} points, and ${limit} can be asked for. Take a longer step or a shorter window.`,
    );
  }
  return points;
}

/** Grids of at most `points` points each that make up the whole, in order. */
export function splitGrid(grid: Grid, points: number): Grid[] {
  const parts: Grid[] = [];
  for (let startMs = grid.startMs; startMs < grid.endMs; startMs += points * grid.stepMs) {
    parts.push({ ...grid, startMs, endMs: Math.min(grid.endMs, startMs + points * grid.stepMs) });
  }
  return parts;
}
