'use client';

import { ArrowDown, ArrowUp, ChevronRight, Copy, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import {
  analysisOf,
  duplicateMetric,
  moveMetric,
  removeMetric,
  restoreMetric,
} from '@/components/canary/workbench/config.view';
import { directionOf, limitPercent, limitsFor, measureOf } from '@/components/canary/workbench/limits.view';
import { MetricFields, type MetricProps } from '@/components/canary/workbench/metric-fields';
import type { WorkbenchValue } from '@/components/canary/workbench/workbench-context';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';

interface MetricCardProps extends MetricProps {
  readonly isLast: boolean;
  readonly isOpen: boolean;
  readonly readOnly: boolean;
  /** How many there are in it. */
  readonly problems: number;
  readonly put: WorkbenchValue['put'];
  readonly onOpen: (name: string, isOpen: boolean) => void;
  readonly onRenamed: (from: string, to: string) => void;
}

/** One metric: a line that says the most important of it, and its form when it is open. */
function Card({ metric, index, isOpen, onOpen, onRenamed, ...line }: MetricCardProps) {
  return (
    <li className="relative rounded-md border bg-surface" data-path={`metrics.${index}`}>
      <details
        open={isOpen}
        onToggle={(event) => onOpen(metric.name, event.currentTarget.open)}
        className="group/metric"
      >
        <Summary metric={metric} problems={line.problems} readOnly={line.readOnly} />
        {isOpen ? (
          <div className="border-t p-3">
            <MetricFields {...{ metric, index, onRenamed }} />
          </div>
        ) : null}
      </details>
      {line.readOnly ? null : <Acts {...{ metric, index }} isLast={line.isLast} put={line.put} />}
    </li>
  );
}

/** There may be hundreds: those that did not change stay as they are while somebody types. */
export const MetricCard = memo(Card);

function Summary({ metric, problems, readOnly }: Pick<MetricCardProps, 'metric' | 'problems' | 'readOnly'>) {
  const t = useTranslations('workbench.metric');
  const analysis = analysisOf(metric);
  const about = [metric.groups.join(', '), t(`kinds.${metric.kind ?? 'gauge'}`), useLimitText(metric)];
  return (
    <summary
      className={cn(
        'flex min-h-11 cursor-pointer items-center gap-2 rounded-md py-1.5 pl-2.5 hover:bg-sunken',
        // Room for the buttons that lie over it.
        readOnly ? 'pr-3' : 'pr-32',
      )}
    >
      <ChevronRight
        aria-hidden
        className="size-4 shrink-0 text-muted transition-transform group-open/metric:rotate-90"
      />
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="min-w-0 break-words font-medium text-sm">{metric.name || t('unnamed')}</span>
        {analysis.critical === true ? <Badge tone="accent">{t('flags.critical')}</Badge> : null}
        {analysis.muted === true ? <Badge tone="off">{t('flags.muted')}</Badge> : null}
        {problems > 0 ? <Badge tone="danger">{t('problems', { count: problems })}</Badge> : null}
        <span className="w-full text-muted text-xs">{about.filter(Boolean).join(' · ')}</span>
      </span>
    </summary>
  );
}

/** "at most 10 % more", as far as the configuration says it. */
function useLimitText(metric: MetricProps['metric']): string {
  const t = useTranslations('workbench.metric');
  const analysis = analysisOf(metric);
  if (measureOf(analysis) === 'cles') return t('byChance');
  return limitsFor(directionOf(analysis), 'allowed')
    .flatMap((limit) => {
      const percent = limitPercent(analysis, limit);
      if (percent === null) return [];
      return [t(limit === 'allowedIncrease' ? 'atMostMore' : 'atMostLess', { percent })];
    })
    .join(', ');
}

function Acts({ metric, index, isLast, put }: Pick<MetricCardProps, 'metric' | 'index' | 'isLast' | 'put'>) {
  const t = useTranslations('workbench.metric');
  const { name } = metric;
  const remove = () => {
    put((now) => removeMetric(now, index));
    toast(t('removed', { name }), {
      action: { label: t('undo'), onClick: () => put((now) => restoreMetric(now, index, metric)) },
    });
  };
  return (
    // Beside the summary and not in it: a button within a button is none.
    <span className="absolute top-2 right-2 flex">
      <IconButton
        size="sm"
        label={t('up', { name })}
        disabled={index === 0}
        onClick={() => put((now) => moveMetric(now, index, index - 1))}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={t('down', { name })}
        disabled={isLast}
        onClick={() => put((now) => moveMetric(now, index, index + 1))}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={t('duplicate', { name })}
        onClick={() => put((now) => duplicateMetric(now, index))}
      >
        <Copy aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('remove', { name })} onClick={remove}>
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}
