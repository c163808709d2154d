'use client';

import { useTranslations } from 'use-intl';
import { useClock } from '@/components/canary/use-clock';
import { useNumbers } from '@/components/canary/use-numbers';
import type { AnalysisWindow, MetricMeasurement } from '@/server/domain/analysis';

interface SeriesTableProps {
  readonly measurement: MetricMeasurement;
  readonly grid: AnalysisWindow;
}

/** The chart's values as numbers, every one of them. */
export function SeriesTable({ measurement, grid }: SeriesTableProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const clock = useClock(grid.endMs - grid.startMs);
  const { baseline, canary } = measurement;
  const count = Math.max(baseline.length, canary.length);
  const label = t('chart.table', { metric: measurement.id });
  return (
    // A region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="scroll-slim h-56 overflow-y-auto rounded-md border">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface text-muted text-xs">
          <tr>
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              {t('chart.time')}
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-medium">
              {t('side.baseline')}
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-medium">
              {t('side.canary')}
            </th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: count }, (_, index) => (
            <tr key={index} className="border-t">
              <th scope="row" className="px-3 py-0.5 text-left font-normal">
                {clock(grid.startMs + index * grid.stepMs)}
              </th>
              <td className="px-3 py-0.5 text-right">{numbers.measure(baseline[index] ?? null)}</td>
              <td className="px-3 py-0.5 text-right">{numbers.measure(canary[index] ?? null)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
