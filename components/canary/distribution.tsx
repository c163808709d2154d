'use client';

import { memo, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { distributionOf, type Quartiles } from '@/components/canary/distribution.view';
import type { SideColours, SideName } from '@/components/canary/sides.view';
import { useNumbers } from '@/components/canary/use-numbers';
import type { MetricMeasurement } from '@/server/domain/analysis';

interface DistributionProps {
  readonly measurement: MetricMeasurement;
  readonly colours: SideColours;
}

/** Height of one side's bars, and of the line with its quartiles below them. */
const [BARS, BOX] = [52, 16];

/** How the values of both sides are spread: bars for the shares, a box from quartile to quartile with the median. */
function Spread({ measurement, colours }: DistributionProps) {
  const t = useTranslations('canary.spread');
  const sideWords = useTranslations('canary.side');
  const numbers = useNumbers();
  const spread = useMemo(() => distributionOf(measurement), [measurement]);
  if (!spread) return null;
  const tallest = Math.max(...spread.baseline, ...spread.canary);
  const describe = (side: SideName) => {
    const quartiles = spread.quartiles[side];
    if (!quartiles) return t('none', { side: sideWords(side) });
    const { lower, upper, median } = quartiles;
    return t('described', {
      side: sideWords(side),
      lower: numbers.measure(lower),
      upper: numbers.measure(upper),
      median: numbers.measure(median),
    });
  };
  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="font-semibold text-muted text-xs">{t('title')}</figcaption>
      <div
        role="img"
        aria-label={`${describe('baseline')} ${describe('canary')}`}
        className="flex flex-col gap-1"
      >
        {(['baseline', 'canary'] as const).map((side) => (
          <svg key={side} aria-hidden className={colours[side]} width="100%" height={BARS + BOX}>
            <Bars shares={spread[side]} tallest={tallest} outlined={side === 'baseline'} />
            <Box quartiles={spread.quartiles[side]} from={spread.from} to={spread.to} />
          </svg>
        ))}
      </div>
      <p aria-hidden className="flex justify-between text-muted text-xs">
        <span>{numbers.measure(spread.from)}</span>
        <span>{numbers.measure(spread.to)}</span>
      </p>
    </figure>
  );
}

export const Distribution = memo(Spread);

interface BarsProps {
  readonly shares: readonly number[];
  readonly tallest: number;
  /** The baseline's, so that the sides differ without colour. */
  readonly outlined: boolean;
}

function Bars({ shares, tallest, outlined }: BarsProps) {
  const width = 100 / shares.length;
  return shares.map((share, bin) => {
    const height = (share / tallest) * (BARS - 4);
    return share === 0 ? null : (
      <rect
        key={bin}
        x={`${bin * width + 0.15}%`}
        width={`${width - 0.3}%`}
        y={BARS - height}
        height={height}
        fill={outlined ? 'var(--version-soft)' : 'var(--version)'}
        stroke="var(--version)"
        strokeWidth={outlined ? 1 : 0}
      />
    );
  });
}

function Box({ quartiles, from, to }: { quartiles: Quartiles | null; from: number; to: number }) {
  const y = BARS + BOX / 2;
  const place = (value: number) =>
    to === from ? 0.5 : Math.min(1, Math.max(0, (value - from) / (to - from)));
  const at = (value: number) => `${(place(value) * 100).toFixed(2)}%`;
  return (
    <>
      <line x1="0" x2="100%" y1={BARS} y2={BARS} stroke="var(--line-strong)" />
      {quartiles ? (
        <>
          <line x1={at(quartiles.min)} x2={at(quartiles.max)} y1={y} y2={y} stroke="var(--version)" />
          <rect
            x={at(quartiles.lower)}
            width={`${((place(quartiles.upper) - place(quartiles.lower)) * 100).toFixed(2)}%`}
            y={y - 4}
            height={8}
            fill="var(--version-soft)"
            stroke="var(--version)"
          />
          <line
            x1={at(quartiles.median)}
            x2={at(quartiles.median)}
            y1={y - 5}
            y2={y + 5}
            stroke="var(--version-ink)"
            strokeWidth={2.5}
          />
        </>
      ) : null}
    </>
  );
}
