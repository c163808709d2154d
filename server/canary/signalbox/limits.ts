import type { MetricAnalysis } from '@/server/domain/canary';

/** Relative changes that are allowed in each direction; null where a direction does not matter. */
export interface Limits {
  readonly increase: number | null;
  readonly decrease: number | null;
}

/** Allowed where the configuration says nothing: a tenth more, and as much less as that turned around. */
const ALLOWED = 1.1;
/** The same as a chance of being larger: 0.5 when alike. A shift of a quarter of a deviation of normal values. */
const ALLOWED_CHANCE = 0.57;

export function watches(analysis: MetricAnalysis): { increase: boolean; decrease: boolean } {
  // Any other word means both, as it does to Kayenta.
  return { increase: analysis.direction !== 'decrease', decrease: analysis.direction !== 'increase' };
}

/** Kayenta's factors as relative changes: allowedIncrease 1.1 is 0.1. */
export function limitsOf(analysis: MetricAnalysis): Limits {
  const { allowedIncrease = ALLOWED, allowedDecrease = 1 / ALLOWED } = analysis.effectSize ?? {};
  const { increase, decrease } = watches(analysis);
  return {
    increase: increase ? Math.max(0, allowedIncrease - 1) : null,
    decrease: decrease ? Math.min(0, allowedDecrease - 1) : null,
  };
}

export function chanceLimitsOf(analysis: MetricAnalysis): Limits {
  const { allowedIncrease = ALLOWED_CHANCE, allowedDecrease = 1 - ALLOWED_CHANCE } =
    analysis.effectSize ?? {};
  const { increase, decrease } = watches(analysis);
  return {
    increase: increase ? Math.max(0.5, allowedIncrease) : null,
    decrease: decrease ? Math.min(0.5, allowedDecrease) : null,
  };
}

/** What must be ruled out to pass. Nobody can rule out any change at all, so a limit of none means the usual one. */
export function ruledOutBy(limits: Limits): Limits {
  return {
    increase: limits.increase === 0 ? ALLOWED - 1 : limits.increase,
    decrease: limits.decrease === 0 ? 1 / ALLOWED - 1 : limits.decrease,
  };
}

export function chanceRuledOutBy(limits: Limits): Limits {
  return {
    increase: limits.increase === 0.5 ? ALLOWED_CHANCE : limits.increase,
    decrease: limits.decrease === 0.5 ? 1 - ALLOWED_CHANCE : limits.decrease,
  };
}
