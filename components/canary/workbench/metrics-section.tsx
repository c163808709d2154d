'use client';

import { ListPlus, Plus } from 'lucide-react';
import { useState } from 'react';
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
  readonly onOpen: (open: ReadonlySet<string>) => void;
}

/** The metrics, in the order in which they are told. */
export function MetricsSection({ open, onOpen }: MetricsSectionProps) {
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
  const opened = (name: string, isOpen: boolean) => {
    const others = [...open].filter((one) => one !== name);
    onOpen(new Set(isOpen ? [...others, name] : others));
  };
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
                if (name !== undefined) opened(name, true);
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
              {...{ metric, index }}
              isOpen={open.has(metric.name)}
              onOpen={(isOpen) => opened(metric.name, isOpen)}
              onRenamed={(name) =>
                onOpen(new Set([...open].map((one) => (one === metric.name ? name : one))))
              }
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
