import type { Change } from '@/server/canary/signalbox/change';
import { PASSING } from '@/server/canary/signalbox/critical';
import { presentOf } from '@/server/canary/signalbox/sides';
import { lagSums, varianceInflation } from '@/server/canary/stats/autocorrelation';
import { logShift } from '@/server/canary/stats/log-shift';

/** Share of the values at each end that neighbours are compared without, lest one outlier hide how alike they are. */
const CUT = 0.05;

const GRID = 2 ** 36;

/** The change by which the ranks of both sides become alike. All values are positive. */
export function byRanks(canary: readonly number[], baseline: readonly number[]): Change {
  const [x, y] = [canary.map(gridLog), baseline.map(gridLog)];
  const [xs, ys] = [sortedOf(x), sortedOf(y)];
  const inflation = varianceInflation([lagSums(cut(x, xs)), lagSums(cut(y, ys))]);
  const shift = logShift(xs, ys, inflation);
  const passing = shift.bounds(PASSING);
  const logError = (passing.upper - passing.lower) / 2 / PASSING;
  return {
    estimate: Math.expm1(shift.estimate),
    bounds: (critical) => {
      const logs = critical === PASSING ? passing : shift.bounds(critical);
      return { lower: Math.expm1(logs.lower), upper: Math.expm1(logs.upper) };
    },
    logError: Number.isFinite(logError) ? logError : null,
    inflation,
  };
}

/**
 * On a grid far finer than any measurement: values that differ by rounding alone would be equal or not depending on what
 * is subtracted from both.
 */
function gridLog(value: number): number {
  return Math.round(Math.log(value) * GRID) / GRID;
}

function sortedOf(grid: readonly number[]): Float64Array {
  return Float64Array.from(presentOf(grid)).sort();
}

function cut(grid: readonly number[], sorted: Float64Array): number[] {
  const beyond = Math.floor(sorted.length * CUT);
  const least = sorted[beyond] ?? Number.NaN;
  const most = sorted[sorted.length - 1 - beyond] ?? Number.NaN;
  return grid.map((value) => (Number.isNaN(value) ? value : Math.min(most, Math.max(least, value))));
}
