import type { Change } from '@/server/canary/signalbox/change';
import { presentOf } from '@/server/canary/signalbox/sides';
import { lagSums, varianceInflation } from '@/server/canary/stats/autocorrelation';
import { describeSeries } from '@/server/canary/stats/describe-series';
import { studentFromNormal, welchDegrees } from '@/server/canary/stats/student';

/**
 * The difference of the means in sizes of the baseline, for levels that can be negative, where a ratio says nothing.
 * The size, the mean of the absolute values, is taken as known.
 */
export function byDifference(canary: readonly number[], baseline: readonly number[]): Change {
  const [x, y] = [describeSeries(presentOf(canary)), describeSeries(presentOf(baseline))];
  const size = describeSeries(presentOf(baseline).map(Math.abs)).mean;
  const inflation = varianceInflation([lagSums(canary), lagSums(baseline)]);
  const [u, v] = [x, y].map(({ std, count }) => (inflation * std ** 2) / count);
  const error = Math.sqrt((u ?? 0) + (v ?? 0));
  const degrees = Math.max(1, welchDegrees(u ?? 0, x.count - 1, v ?? 0, y.count - 1) / inflation);
  const difference = x.mean - y.mean;
  return {
    estimate: difference / size,
    bounds: (critical) => {
      const reach = studentFromNormal(critical, degrees) * error;
      return { lower: (difference - reach) / size, upper: (difference + reach) / size };
    },
    logError: null,
    inflation,
  };
}
