'use client';

import { ArrowDown, ArrowUp, ChevronRight, Copy, Trash2 } from 'lucide-react';
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
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { issuesAt } from '@/components/editor/issues.view';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';

interface MetricCardProps extends MetricProps {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onRenamed: (name: string) => void;
}

/** One metric: a line that says the most important of it, and its form when it is open. */
export function MetricCard({ metric, index, isOpen, onOpen, onRenamed }: MetricCardProps) {
  const { readOnly } = useForm();
  return (
    <li className="relative rounded-md border bg-surface" data-path={`metrics.${index}`}>
      <details open={isOpen} onToggle={(event) => onOpen(event.currentTarget.open)} className="group/metric">
        <Summary {...{ metric, index }} />
        {isOpen ? (
          <div className="border-t p-3">
            <MetricFields {...{ metric, index, onRenamed }} />
          </div>
        ) : null}
      </details>
      {readOnly ? null : <Acts {...{ metric, index }} />}
    </li>
  );
}

function Summary({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.metric');
  const { issues, readOnly } = useForm();
  const analysis = analysisOf(metric);
  const problems = issuesAt(issues, `metrics.${index}`, 'within').length;
  return (
    <summary
      className={`flex min-h-11 cursor-pointer items-center gap-2 rounded-md py-1.5 pl-2.5 hover:bg-sunken ${readOnly ? 'pr-3' : 'pr-32'}`}
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
        <span className="w-full text-muted text-xs">
          {[metric.groups.join(', '), t(`kinds.${metric.kind ?? 'gauge'}`), useLimitText(metric)]
            .filter(Boolean)
            .join(' · ')}
        </span>
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
      return percent === null
        ? []
        : [t(limit === 'allowedIncrease' ? 'atMostMore' : 'atMostLess', { percent })];
    })
    .join(', ');
}

function Acts({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.metric');
  const { config, put } = useWorkbench();
  const { name } = metric;
  const last = config.metrics.length - 1;
  const remove = () => {
    put(removeMetric(config, index));
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
        onClick={() => put(moveMetric(config, index, index - 1))}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={t('down', { name })}
        disabled={index === last}
        onClick={() => put(moveMetric(config, index, index + 1))}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={t('duplicate', { name })}
        onClick={() => put(duplicateMetric(config, index))}
      >
        <Copy aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('remove', { name })} onClick={remove}>
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}
