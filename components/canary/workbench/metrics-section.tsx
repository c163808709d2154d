'use client';

import { ListPlus, Plus } from 'lucide-react';
import { type Dispatch, type SetStateAction, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { AddMetricsDialog } from '@/components/canary/workbench/add-metrics-dialog';
import { addMetrics, emptyMetric } from '@/components/canary/workbench/config.view';
import { MetricCard } from '@/components/canary/workbench/metric-card';
import { useSourceKind, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { issuesAt } from '@/components/editor/issues.view';
import { Button } from '@/components/ui/button';
import type { CanaryMetric } from '@/server/domain/canary';

interface MetricsSectionProps {
  /** Names of those whose forms are open. */
  readonly open: ReadonlySet<string>;
  readonly setOpen: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

/** The metrics, in the order in which they are told. */
export function MetricsSection({ open, setOpen }: MetricsSectionProps) {
  const t = useTranslations('workbench.metrics');
  const { config, put } = useWorkbench();
  const { readOnly, issues } = useForm();
  const kind = useSourceKind();
  const [adding, setAdding] = useState(false);
  const add = (metrics: readonly CanaryMetric[]) => {
    const next = addMetrics(config, metrics);
    put(next);
    return next.metrics.slice(config.metrics.length).map(({ name }) => name);
  };
  const { onOpen, onRenamed } = useOpening(setOpen);
  return (
    <section aria-label={t('title')} className="flex flex-col gap-2" data-path="metrics">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold text-base">{t('count', { count: config.metrics.length })}</h2>
        {readOnly || !kind ? null : (
          <span className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => setAdding(true)}>
              <ListPlus aria-hidden />
              {t('addUsual')}
            </Button>
            <Button
              size="sm"
              onClick={() => {
                const [name] = add([emptyMetric(t('newName'), kind.kind)]);
                if (name !== undefined) onOpen(name, true);
              }}
            >
              <Plus aria-hidden />
              {t('add')}
            </Button>
          </span>
        )}
      </header>
      {issuesAt(issues, 'metrics').map(({ message }) => (
        <p key={message} className="text-danger-ink text-xs">
          {message}
        </p>
      ))}
      {config.metrics.length === 0 ? (
        <p className="rounded-md border border-dashed px-4 py-6 text-center text-muted text-sm">
          {t(kind ? 'none' : 'noSource')}
        </p>
      ) : (
        <ol className="flex flex-col gap-2">
          {config.metrics.map((metric, index) => (
            <MetricCard
              // A metric that is being renamed is still the same one.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              {...{ metric, index, readOnly, put, onOpen, onRenamed }}
              isLast={index === config.metrics.length - 1}
              isOpen={open.has(metric.name)}
              problems={issuesAt(issues, `metrics.${index}`, 'within').length}
            />
          ))}
        </ol>
      )}
      {adding ? (
        <AddMetricsDialog
          onClose={() => setAdding(false)}
          onAdd={(metrics) => {
            add(metrics);
            setAdding(false);
          }}
        />
      ) : null}
    </section>
  );
}

/** Which forms are open goes by name: a metric that is moved takes its form along. */
function useOpening(setOpen: MetricsSectionProps['setOpen']) {
  const onOpen = useCallback(
    (name: string, isOpen: boolean) =>
      setOpen((open) => {
        if (open.has(name) === isOpen) return open;
        const others = [...open].filter((one) => one !== name);
        return new Set(isOpen ? [...others, name] : others);
      }),
    [setOpen],
  );
  const onRenamed = useCallback(
    (from: string, to: string) =>
      setOpen((open) => new Set([...open].map((one) => (one === from ? to : one)))),
    [setOpen],
  );
  return { onOpen, onRenamed };
}
