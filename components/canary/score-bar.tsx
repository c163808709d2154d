'use client';

import { useTranslations } from 'use-intl';
import { useNumbers } from '@/components/canary/use-numbers';
import { cn } from '@/components/ui/cn';
import type { Tone } from '@/components/ui/tone';

interface ScoreBarProps {
  readonly score: number;
  /** More than the score while something is unknown. */
  readonly highest: number;
  readonly pass: number;
  readonly marginal: number;
  readonly tone: Tone;
}

const FILL: Readonly<Record<Tone, string>> = {
  clear: 'bg-clear',
  caution: 'bg-caution',
  danger: 'bg-danger',
  moving: 'bg-moving',
  off: 'bg-off',
  accent: 'bg-accent',
  neutral: 'bg-muted',
};

/** The score against its two thresholds; hatched from the lowest that is possible to the highest. */
export function ScoreBar({ score, highest, pass, marginal, tone }: ScoreBarProps) {
  const t = useTranslations('canary.score');
  const numbers = useNumbers();
  const values = {
    low: numbers.score(score),
    high: numbers.score(highest),
    pass: numbers.score(pass),
    marginal: numbers.score(marginal),
  };
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold text-2xl">{values.low}</span>
        <span className="text-muted text-sm">{t('of')}</span>
      </p>
      <div role="img" aria-label={t('aria', values)} className="relative h-4">
        <div className="absolute inset-x-0 top-1 h-2 overflow-hidden rounded-full bg-sunken">
          <span
            className={cn('absolute inset-y-0 left-0 rounded-full', FILL[tone])}
            style={{ width: `${score}%` }}
          />
          <span
            className="hatch absolute inset-y-0"
            style={{ left: `${score}%`, width: `${Math.max(0, highest - score)}%` }}
          />
        </div>
        {[marginal, pass].map((threshold, index) => (
          <span
            key={index}
            className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-ink"
            style={{ left: `${threshold}%` }}
          />
        ))}
      </div>
      <p className="text-muted text-xs">{t('thresholds', values)}</p>
      {highest > score ? <p className="text-muted text-xs">{t('open', values)}</p> : null}
    </div>
  );
}
