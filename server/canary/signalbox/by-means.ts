import type { Change } from '@/server/canary/signalbox/change';
import { presentOf } from '@/server/canary/signalbox/sides';
import { lagSums, varianceInflation } from '@/server/canary/stats/autocorrelation';
import { describeSeries } from '@/server/canary/stats/describe-series';
import { ratioOfMeans } from '@/server/canary/stats/ratio-of-means';
import { studentFromNormal, welchDegrees } from '@/server/canary/stats/student';

/** The change of the mean, by Fieller's interval for a ratio. No value is negative, and not all are 0. */
export function byMeans(canary: readonly number[], baseline: readonly number[]): Change {
  const [x, y] = [describeSeries(presentOf(canary)), describeSeries(presentOf(baseline))];
  const inflation = varianceInflation([lagSums(canary), lagSums(baseline)]);
  const above = { mean: x.mean, variance: (inflation * x.std ** 2) / x.count };
  const below = { mean: y.mean, variance: (inflation * y.std ** 2) / y.count };
  // Relative to their means, so that turning the sides around changes nothing; a side without any has no variance.
  const [u, v] = [above, below].map(({ mean, variance }) => (mean > 0 ? variance / mean ** 2 : 0));
  const degrees = Math.max(1, welchDegrees(u ?? 0, x.count - 1, v ?? 0, y.count - 1) / inflation);
  const both = x.mean > 0 && y.mean > 0;
  return {
    estimate: x.mean / y.mean - 1,
    bounds: (critical) => {
      const { lower, upper } = ratioOfMeans(above, below, studentFromNormal(critical, degrees));
      return { lower: lower - 1, upper: upper - 1 };
    },
    logError: both ? Math.sqrt((u ?? 0) + (v ?? 0)) : null,
    inflation,
  };
}
