'use client';

import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { looksAhead } from '@/components/canary/report.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { LABEL_LOOK } from '@/components/canary/verdict.view';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import type { AnalysisReport, LookSummary } from '@/server/domain/views/canary';

interface LooksStripProps {
  readonly report: AnalysisReport;
  readonly onChoose: (number: number | null) => void;
}

/** The looks so far, each with its mark and score, and places for those to come. */
export function LooksStrip({ report, onChoose }: LooksStripProps) {
  const t = useTranslations('canary.looks');
  const list = useRef<HTMLOListElement>(null);
  const { history, shown } = report;
  const latest = history.at(-1)?.number;
  useEffect(() => {
    const strip = list.current;
    // What matters is at the end, and a long analysis has more looks than fit.
    if (strip && latest !== undefined) strip.scrollLeft = strip.scrollWidth;
  }, [latest]);
  const ahead = looksAhead(report);
  return (
    <section aria-label={t('title')} className="flex min-w-0 flex-col gap-1.5">
      <h2 className="font-semibold text-muted text-xs">{t('title')}</h2>
      {history.length === 0 && ahead === 0 ? <p className="text-muted text-sm">{t('none')}</p> : null}
      <ol ref={list} className="scroll-slim flex gap-1 overflow-x-auto p-0.5">
        {history.map((look) => (
          <li key={look.number}>
            <LookButton
              look={look}
              chosen={shown?.number === look.number}
              onClick={() => onChoose(look.number === latest ? null : look.number)}
            />
          </li>
        ))}
        {Array.from({ length: ahead }, (_, index) => (
          <li key={`ahead-${index}`} aria-hidden>
            <span className="block h-11 w-12 rounded-md border border-dashed" />
          </li>
        ))}
      </ol>
      {ahead > 0 ? <p className="sr-only">{t('ahead', { count: ahead })}</p> : null}
    </section>
  );
}

interface LookButtonProps {
  readonly look: LookSummary;
  readonly chosen: boolean;
  readonly onClick: () => void;
}

function LookButton({ look, chosen, onClick }: LookButtonProps) {
  const t = useTranslations('canary');
  const numbers = useNumbers();
  const mark = LABEL_LOOK[look.classification];
  const score = numbers.score(look.score);
  const label = t('looks.one', { number: look.number, label: t(mark.messageKey), score });
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={chosen}
      onClick={onClick}
      className={cn(
        'flex h-11 w-12 flex-col items-center justify-center gap-0.5 rounded-md border text-xs hover:bg-sunken',
        chosen ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      <span className="flex items-center gap-1">
        <Shape name={mark.shape} tone={mark.tone} className="size-2.5" />
        <span className="text-muted">{look.number}</span>
      </span>
      <span className="font-medium">{score}</span>
    </button>
  );
}
