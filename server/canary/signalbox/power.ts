import type { Limits } from '@/server/canary/signalbox/limits';

/** Φ⁻¹(0.8): caught four times in five. */
const POWER = 0.8416212335729143;

/**
 * The smallest relative change that fails four times in five with a sample as sure as this one: beyond the limit by as
 * many standard errors as the verdict needs, and some for luck. Of an increase where that matters, else of a decrease.
 */
export function detectable(logError: number | null, critical: number, limit: Limits): number | null {
  if (logError === null) return null;
  const reach = (critical + POWER) * logError;
  if (limit.increase !== null) return Math.expm1(Math.log1p(limit.increase) + reach);
  if (limit.decrease !== null) return Math.expm1(Math.log1p(Math.max(-1, limit.decrease)) - reach);
  return null;
}

/**
 * Points on each side with which a canary that is like its baseline passes four times in five. That
 * both directions may count is left out.
 * @param points on each side by which the standard error was measured.
 * @param passing standard errors by which the limit must be ruled out.
 * @param fewest without which there is no verdict at all.
 */
export function pointsNeeded(
  logError: number | null,
  points: number,
  passing: number,
  ruledOut: Limits,
  fewest: number,
): number | null {
  if (logError === null) return null;
  const distances = [ruledOut.increase, ruledOut.decrease].flatMap((limit) =>
    limit === null || limit <= -1 ? [] : [Math.abs(Math.log1p(limit))],
  );
  if (distances.length === 0) return null;
  const needed = points * (((passing + POWER) * logError) / Math.min(...distances)) ** 2;
  return Math.max(fewest, Math.ceil(needed));
}
