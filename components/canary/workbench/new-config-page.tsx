'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { configHref } from '@/components/canary/places.view';
import { isName, newConfig, sourceFor } from '@/components/canary/workbench/config.view';
import { ImportDialog } from '@/components/canary/workbench/import-dialog';
import { useWorkbenchData } from '@/components/canary/workbench/use-workbench-data';
import { Workbench } from '@/components/canary/workbench/workbench';
import type { SourceKind } from '@/components/canary/workbench/workbench-context';
import { WorkbenchSkeleton } from '@/components/canary/workbench/workbench-skeleton';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { ErrorState } from '@/components/ui/states';
import type { CanaryConfig, CanaryMetric } from '@/server/domain/canary';
import type { MetricsSourceView } from '@/server/domain/views/canary';

interface Start {
  readonly config: CanaryConfig;
  readonly source: string;
}

/** A new configuration: where it measures and what to begin with, then the workbench. */
export function NewConfigPage({ application }: { application: string }) {
  const t = useTranslations('workbench');
  const router = useRouter();
  const mayWrite = useMay('pipeline.write');
  const { data, failed } = useWorkbenchData();
  const [start, setStart] = useState<Start | null>(null);
  if (failed) {
    return <ErrorState title={t('unreadable')} error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (!data) return <WorkbenchSkeleton />;
  if (!start) return <Begin {...{ application, mayWrite, ...data }} onBegin={setStart} />;
  return (
    <Workbench
      {...{ application, mayWrite, start, ...data }}
      saved={null}
      onSaved={(name) => router.replace(configHref(application, name))}
    />
  );
}

interface BeginProps {
  readonly application: string;
  readonly mayWrite: boolean;
  readonly sources: readonly MetricsSourceView[];
  readonly kinds: readonly SourceKind[];
  readonly onBegin: (start: Start) => void;
}

function Begin({ application, mayWrite, sources, kinds, onBegin }: BeginProps) {
  const t = useTranslations('workbench.begin');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [importing, setImporting] = useQueryState('import', parseAsBoolean.withDefault(false));
  const source = chosen ?? sources[0]?.name ?? '';
  const kind = sources.find((one) => one.name === source)?.kind;
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isBad = !isName(name.trim());
  const begin = (metrics: readonly CanaryMetric[]) => {
    setAsked(true);
    if (isBad) field.current?.focus();
    else onBegin({ source, config: newConfig(name.trim(), application, metrics) });
  };
  return (
    <>
      <PageHeader title={t('title')} description={t('description', { application })} />
      <Card className="flex max-w-3xl flex-col gap-5 p-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('name')} hint={t('nameHint')} error={asked && isBad ? t('nameBad') : null}>
            {(control) => (
              <Input
                {...control}
                ref={field}
                maxLength={63}
                spellCheck={false}
                autoComplete="off"
                disabled={!mayWrite}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <Field label={t('source')} hint={sources.length === 0 ? t('noSources') : t('sourceHint')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                disabled={!mayWrite || sources.length === 0}
                value={source}
                onValueChange={setChosen}
                options={sources.map((one) => ({
                  value: one.name,
                  label: one.name,
                  hint: kinds.find((each) => each.kind === one.kind)?.label ?? one.kind,
                }))}
              />
            )}
          </Field>
        </div>
        <Templates kind={kind} mayWrite={mayWrite} onBegin={begin} />
        <div className="flex flex-wrap items-center gap-3 text-muted text-sm">
          <Button disabled={!mayWrite} onClick={() => void setImporting(true)}>
            {t('import')}
          </Button>
          {t(mayWrite ? 'importHint' : 'notAllowed')}
        </div>
      </Card>
      <ImportDialog
        application={application}
        open={importing && mayWrite}
        onOpenChange={(open) => void setImporting(open || null)}
        onTake={(imported) => {
          void setImporting(null);
          const config = { ...imported.config, name: name.trim() || imported.name };
          onBegin({ source: sourceFor(config, sources) ?? source, config });
        }}
      />
    </>
  );
}

interface TemplatesProps {
  readonly kind: string | undefined;
  readonly mayWrite: boolean;
  readonly onBegin: (metrics: readonly CanaryMetric[]) => void;
}

function Templates({ kind, mayWrite, onBegin }: TemplatesProps) {
  const t = useTranslations('workbench.begin');
  const trpc = useTRPC();
  const query = useQuery(
    trpc.canaryConfigs.templates.queryOptions({ source: kind }, { enabled: kind !== undefined }),
  );
  const look =
    'flex h-full w-full flex-col gap-0.5 rounded-md border px-3 py-2.5 text-left hover:border-line-strong hover:bg-sunken disabled:opacity-55';
  return (
    <section aria-label={t('with')}>
      <h2 className="mb-2 font-semibold text-base">{t('with')}</h2>
      <ul className="grid gap-2 sm:grid-cols-2">
        {(query.data ?? []).map(({ id, label, metrics }) => (
          <li key={id}>
            <button type="button" disabled={!mayWrite} onClick={() => onBegin(metrics)} className={look}>
              <span className="font-medium">{label}</span>
              <span className="text-muted text-sm">{metrics.map((metric) => metric.name).join(' · ')}</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" disabled={!mayWrite} onClick={() => onBegin([])} className={look}>
            <span className="font-medium">{t('empty')}</span>
            <span className="text-muted text-sm">{t('emptyHint')}</span>
          </button>
        </li>
      </ul>
    </section>
  );
}
