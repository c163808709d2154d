'use client';

import { useMemo } from 'react';
import { DASHES } from '@/components/canary/marks';
import { sparkPaths } from '@/components/canary/series.view';
import type { SideColours } from '@/components/canary/sides.view';
import { cn } from '@/components/ui/cn';
import type { MetricMeasurement } from '@/server/domain/analysis';

interface SparklineProps {
  readonly measurement: MetricMeasurement | undefined;
  readonly colours: SideColours;
  readonly className?: string;
}

const [WIDTH, HEIGHT] = [96, 24];

/** Both series, small; the sentence beside it says what it shows. */
export function Sparkline({ measurement, colours, className }: SparklineProps) {
  const paths = useMemo(() => measurement && sparkPaths(measurement, WIDTH, HEIGHT), [measurement]);
  if (!paths) return null;
  return (
    <svg
      aria-hidden
      viewBox={`-1 -2 ${WIDTH + 2} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      className={cn('h-6 w-24', className)}
    >
      {(['baseline', 'canary'] as const).map((side) => (
        <g key={side} className={colours[side]}>
          <path
            d={paths[side]}
            fill="none"
            stroke="var(--version)"
            strokeWidth={1.5}
            strokeDasharray={DASHES[side] ? '3 2' : undefined}
            strokeLinecap="round"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </svg>
  );
}
