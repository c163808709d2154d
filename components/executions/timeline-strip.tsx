'use client';

import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { timelineOf } from '@/components/executions/timeline.view';
import { BAR } from '@/components/graph/stage-face';
import type { StageBranch } from '@/components/graph/stage-tree.view';
import { useMessage } from '@/components/i18n/provider';
import { EXECUTION_LOOK, executionState } from '@/components/status/status.view';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { durationParts } from '@/components/ui/time.view';
import { useNow } from '@/components/ui/use-now';
import type { StageView } from '@/server/domain/views/execution';

interface TimelineStripProps {
  readonly rows: readonly StageBranch<StageView>[];
  readonly selected: string | null;
  readonly onSelect: (refId: string) => void;
}

/** More bars than this begin as the first `SHORT` of them, so that folding never hides just one or two. */
const FOLDED = 14;
const SHORT = 10;

/** Where the time went, a bar per stage on one scale. */
export function TimelineStrip({ rows, selected, onSelect }: TimelineStripProps) {
  const t = useTranslations('executions.timeline');
  const time = useTranslations('common.time');
  const format = useFormatter();
  const say = useMessage();
  const { bars, milliseconds, hidden } = timelineOf(rows, useNow());
  const [whole, setWhole] = useState(false);
  const shown = whole || bars.length <= FOLDED ? bars : bars.slice(0, SHORT);
  const long = (ms: number) => {
    const parts = durationParts(ms, true);
    return time(parts.key, parts.values);
  };
  return (
    <section aria-label={t('title')} className="rounded-lg border bg-surface">
      <header className="flex items-baseline justify-between gap-3 px-4 pt-2.5 pb-1">
        <h2 className="font-semibold text-sm">{t('title')}</h2>
        {bars.length > 0 ? (
          <p className="text-muted text-xs">{t('total', { time: long(milliseconds) })}</p>
        ) : null}
      </header>
      {bars.length === 0 ? <p className="px-4 pb-3 text-muted text-sm">{t('empty')}</p> : null}
      <ol className="px-2 pb-2">
        {shown.map((bar) => {
          const name = say(bar.stage.name);
          const look = EXECUTION_LOOK[executionState(bar.status, bar.forPerson)];
          return (
            <li key={bar.stage.refId}>
              <button
                type="button"
                aria-pressed={selected === bar.stage.refId}
                aria-label={t('bar', {
                  name,
                  time: long(bar.milliseconds),
                  percent: format.number(Math.min(1, bar.milliseconds / Math.max(1, milliseconds)), {
                    style: 'percent',
                  }),
                })}
                onClick={() => onSelect(bar.stage.refId)}
                className={cn(
                  'grid h-6 w-full grid-cols-[minmax(0,2fr)_minmax(0,3fr)_4.5rem] items-center gap-3 rounded-sm px-2 text-xs hover:bg-sunken',
                  selected === bar.stage.refId && 'bg-accent-soft hover:bg-accent-soft',
                )}
              >
                <span className="truncate text-left" style={{ paddingLeft: bar.depth * 12 }}>
                  {name}
                </span>
                <span className="relative h-2.5 rounded-full bg-sunken">
                  <span
                    className={cn(
                      'absolute inset-y-0 min-w-[3px] rounded-full',
                      BAR[look.tone],
                      bar.depth === 0 &&
                        rows.some((r) => r.stage.parentRefId === bar.stage.refId) &&
                        'opacity-35',
                    )}
                    style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
                  />
                </span>
                <span className="text-right text-muted">{long(bar.milliseconds)}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {bars.length > FOLDED ? (
        <div className="px-2 pb-2">
          <Button size="sm" variant="ghost" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? t('fewer') : t('all', { count: bars.length })}
          </Button>
        </div>
      ) : null}
      {hidden > 0 && shown === bars ? (
        <p className="px-4 pb-2 text-muted text-xs">{t('hidden', { count: hidden })}</p>
      ) : null}
    </section>
  );
}
