'use client';

import type { IntervalPlot } from '@/components/canary/interval.view';
import { cn } from '@/components/ui/cn';
import { TONE_MARK, type Tone } from '@/components/ui/tone';

interface IntervalBarProps {
  readonly plot: IntervalPlot;
  readonly tone: Tone;
  readonly className?: string;
}

/** In percent of the width, since the box is stretched. */
const at = (place: number) => `${(place * 100).toFixed(2)}%`;

/** An interval against its limit; the words beside it say the same, so it is only for the eye. */
export function IntervalBar({ plot, tone, className }: IntervalBarProps) {
  const { interval, estimate, lowerLimit, upperLimit } = plot;
  return (
    <svg aria-hidden className={cn('h-6 w-full overflow-visible', TONE_MARK[tone], className)}>
      <Tolerated lower={lowerLimit} upper={upperLimit} />
      <line x1="0" x2="100%" y1="12" y2="12" stroke="var(--line-strong)" />
      <line x1={at(plot.centre)} x2={at(plot.centre)} y1="6" y2="18" stroke="var(--muted)" />
      {[lowerLimit, upperLimit].map((limit, index) =>
        limit === null ? null : (
          <line
            key={index}
            x1={at(limit)}
            x2={at(limit)}
            y1="2"
            y2="22"
            stroke="var(--ink)"
            strokeWidth="1.25"
            strokeDasharray="3 2"
          />
        ),
      )}
      {interval ? (
        <>
          <line
            x1={at(interval.from)}
            x2={at(interval.to)}
            y1="12"
            y2="12"
            stroke="currentColor"
            strokeWidth="3"
          />
          <End place={interval.from} open={interval.opensLeft} to="left" />
          <End place={interval.to} open={interval.opensRight} to="right" />
        </>
      ) : null}
      {estimate === null ? null : (
        <circle cx={at(estimate)} cy="12" r="4" fill="currentColor" stroke="var(--surface)" strokeWidth="1" />
      )}
    </svg>
  );
}

/** From limit to limit; to the end of the line where a direction does not matter. */
function Tolerated({ lower, upper }: { lower: number | null; upper: number | null }) {
  if (lower === null && upper === null) return null;
  const from = lower ?? 0;
  return <rect x={at(from)} width={at((upper ?? 1) - from)} y="4" height="16" rx="2" fill="var(--sunken)" />;
}

/** A cap where the interval ends, an arrow where it goes on. */
function End({ place, open, to }: { place: number; open: boolean; to: 'left' | 'right' }) {
  if (!open) {
    return <line x1={at(place)} x2={at(place)} y1="8" y2="16" stroke="currentColor" strokeWidth="2" />;
  }
  return (
    <svg x={at(place)} y="12" className="overflow-visible">
      <path d={to === 'left' ? 'M-2 0l7-5v10z' : 'M2 0l-7-5v10z'} fill="currentColor" />
    </svg>
  );
}
