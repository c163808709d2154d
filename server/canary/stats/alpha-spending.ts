import { normalUpperTail } from '@/server/canary/stats/normal';

/** Chance of a false alarm that may have been spent when a share `t` of the planned points is there. */
export type Spending = (t: number) => number;

/** Spends early, so that large changes are caught early; like Pocock's test. Source: Lan and DeMets (1983). */
export function pocockSpending(alpha: number): Spending {
  return (t) => alpha * Math.log1p((Math.E - 1) * Math.min(1, t));
}

/** Part of alpha that is kept for an analysis that goes on beyond its plan. */
const RESERVE = 0.1;

/** Pocock's way within the plan, with a reserve beyond it that no number of further looks uses up. */
export function openEndedSpending(alpha: number): Spending {
  const planned = pocockSpending(alpha * (1 - RESERVE));
  return (t) => planned(t) + alpha * RESERVE * Math.max(0, 1 - 1 / t);
}

/** Intervals of the numeric integral; even, for Simpson's rule. The boundary is right to about 1e-4. */
const STEPS = 160;
/** Standard deviations below 0 from which on nothing is left. */
const FAR = 7;
const BISECTIONS = 40;

/** The process while no boundary has been crossed: its density on an even grid, ready for Simpson's rule. */
interface Density {
  readonly at: Float64Array;
  /** Density times the weight of its place. */
  readonly mass: Float64Array;
}

/**
 * The boundaries, one for each look, that a Brownian motion crosses upwards by each look with just the chance that
 * `spending` allows by then. Neither the number of looks nor their times need be planned, only the end.
 * Sources: K. Lan, D. DeMets, Discrete sequential boundaries for clinical trials, Biometrika 70 (1983); the integral by
 * P. Armitage, C. McPherson, B. Rowe, Journal of the Royal Statistical Society A 132 (1969).
 * @param times share of the planned points at each look, ascending, > 0.
 */
export function spendingBoundaries(spending: Spending, times: readonly number[]): number[] {
  const boundaries: number[] = [];
  let density: Density | null = null;
  let [before, spent] = [0, 0];
  for (const time of times) {
    const deviation = Math.sqrt(time - before);
    const allowed = Math.max(0, spending(time) - spent);
    const edge = edgeOf(density, deviation, allowed, FAR * Math.sqrt(time));
    boundaries.push(edge / Math.sqrt(time));
    density = afterwards(density, deviation, -FAR * Math.sqrt(time), edge);
    [before, spent] = [time, spending(time)];
  }
  return boundaries;
}

/** The value that the process exceeds at this look with chance `allowed`, not having been stopped before. */
function edgeOf(density: Density | null, deviation: number, allowed: number, most: number): number {
  let [low, high] = [0, most];
  for (let pass = 0; pass < BISECTIONS; pass += 1) {
    const middle = (low + high) / 2;
    if (exceeding(density, deviation, middle) > allowed) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function exceeding(density: Density | null, deviation: number, edge: number): number {
  if (density === null) return normalUpperTail(edge / deviation);
  let sum = 0;
  for (let index = 0; index <= STEPS; index += 1)
    sum += (density.mass[index] ?? 0) * normalUpperTail((edge - (density.at[index] ?? 0)) / deviation);
  return sum;
}

function afterwards(density: Density | null, deviation: number, low: number, edge: number): Density {
  const at = new Float64Array(STEPS + 1);
  const mass = new Float64Array(STEPS + 1);
  const step = (edge - low) / STEPS;
  for (let index = 0; index <= STEPS; index += 1) {
    const place = low + index * step;
    const weight = (index === 0 || index === STEPS ? 1 : index % 2 === 1 ? 4 : 2) * (step / 3);
    at[index] = place;
    mass[index] = weight * densityAt(density, deviation, place);
  }
  return { at, mass };
}

function densityAt(density: Density | null, deviation: number, place: number): number {
  const scale = 1 / (deviation * Math.sqrt(2 * Math.PI));
  if (density === null) return scale * Math.exp(-((place / deviation) ** 2) / 2);
  let sum = 0;
  for (let index = 0; index <= STEPS; index += 1)
    sum +=
      (density.mass[index] ?? 0) * Math.exp(-(((place - (density.at[index] ?? 0)) / deviation) ** 2) / 2);
  return scale * sum;
}
