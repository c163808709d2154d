'use client';

import { useTranslations } from 'use-intl';
import { SideLabel } from '@/components/canary/marks';
import type { SideColours } from '@/components/canary/sides.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { cn } from '@/components/ui/cn';
import type { MetricResult, SampleCount, SeriesStats } from '@/server/domain/canary';

interface StatsTableProps {
  readonly result: MetricResult;
  readonly colours: SideColours;
}

/** Both sides in numbers: what they were and how many of them there were. */
export function StatsTable({ result, colours }: StatsTableProps) {
  const t = useTranslations('canary.stats');
  const { assessment } = result;
  const columns = ['mean', 'min', 'max', 'std', 'used'] as const;
  const more = assessment ? (['zero', 'effective'] as const) : [];
  return (
    // A region that scrolls must be reachable by keyboard
    <section aria-label={t('title')} tabIndex={0} className="scroll-slim overflow-x-auto rounded-md border">
      <table className="w-full text-sm">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              {t('side')}
            </th>
            {[...columns, ...more].map((column) => (
              <th
                key={column}
                scope="col"
                title={column === 'effective' ? t('effectiveHint') : undefined}
                className="whitespace-nowrap px-3 py-1.5 text-right font-medium"
              >
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['baseline', 'canary'] as const).map((side) => (
            <tr key={side} className="border-t">
              <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
                <SideLabel side={side} colours={colours} />
              </th>
              <Cells
                stats={side === 'baseline' ? result.controlStats : result.experimentStats}
                sample={(side === 'baseline' ? assessment?.control : assessment?.experiment) ?? null}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cells({ stats, sample }: { stats: SeriesStats; sample: SampleCount | null }) {
  const t = useTranslations('canary.stats');
  const numbers = useNumbers();
  // Statistics of nothing are zeros in the judges' reports.
  const known = (value: number) => numbers.measure(stats.count === 0 ? null : value);
  const used = sample
    ? t('usedOf', { used: numbers.count(sample.used), expected: numbers.count(sample.expected) })
    : numbers.count(stats.count);
  const gaps = sample !== null && sample.used < sample.expected;
  return (
    <>
      {[stats.mean, stats.min, stats.max, stats.std].map((value, index) => (
        <td key={index} className="whitespace-nowrap px-3 py-1.5 text-right">
          {known(value)}
        </td>
      ))}
      <td className={cn('whitespace-nowrap px-3 py-1.5 text-right', gaps && 'text-caution-ink')}>{used}</td>
      {sample ? (
        <>
          <td className="px-3 py-1.5 text-right">{numbers.count(sample.countedAsZero)}</td>
          <td className="px-3 py-1.5 text-right">{numbers.count(sample.effective)}</td>
        </>
      ) : null}
    </>
  );
}
