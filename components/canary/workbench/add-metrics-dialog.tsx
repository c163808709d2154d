'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSourceKind } from '@/components/canary/workbench/workbench-context';
import { Checks } from '@/components/settings/checks';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import type { CanaryMetric } from '@/server/domain/canary';
import type { MetricTemplateView } from '@/server/domain/views/canary';

interface AddMetricsDialogProps {
  readonly onAdd: (metrics: readonly CanaryMetric[]) => void;
  readonly onClose: () => void;
}

/** As the service's own; it says what is wrong with others. */
const USUAL = { scopeLabel: 'server_group', window: '1m' } as const;

/** Metrics that tell of almost any service whether a version is worse, as they are called where it is measured. */
export function AddMetricsDialog({ onAdd, onClose }: AddMetricsDialogProps) {
  const t = useTranslations('workbench.add');
  const common = useTranslations('common');
  const kind = useSourceKind();
  const [options, setOptions] = useState({ scopeLabel: '', window: '' });
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [left, setLeft] = useState<readonly string[]>([]);
  const query = useTemplates(kind?.kind, options);
  const templates = query.data ?? [];
  const template = templates.find(({ id }) => id === chosenId) ?? templates[0];
  const names = template?.metrics.map(({ name }) => name) ?? [];
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('title')}
        description={t('description')}
        keep={common('cancel')}
        action={t('do')}
        pendingLabel={t('do')}
        pending={query.isFetching}
        onSubmit={() => onAdd(template?.metrics.filter(({ name }) => !left.includes(name)) ?? [])}
      >
        {query.isPending ? <Skeleton className="h-24" /> : null}
        <ErrorLine error={query.error} />
        {query.data && templates.length === 0 ? <p className="text-muted text-sm">{t('none')}</p> : null}
        {template ? (
          <>
            <TemplateChoice {...{ template, templates }} onChange={setChosenId} />
            {kind?.kind === 'prometheus' ? <Options value={options} onChange={setOptions} /> : null}
            <Checks
              legend={t('which')}
              options={template.metrics.map(({ name, groups }) => ({
                value: name,
                label: name,
                hint: groups.join(', '),
              }))}
              chosen={names.filter((name) => !left.includes(name))}
              onChange={(chosen) => setLeft(names.filter((name) => !chosen.includes(name)))}
            />
          </>
        ) : null}
      </FormDialogContent>
    </Dialog>
  );
}

/** What was typed while it can be used; the answer before stays until there is another. */
function useTemplates(source: string | undefined, typed: { scopeLabel: string; window: string }) {
  const trpc = useTRPC();
  const { scopeLabel, window } = typed;
  return useQuery(
    trpc.canaryConfigs.templates.queryOptions(
      { source, ...(scopeLabel ? { scopeLabel } : {}), ...(window ? { window } : {}) },
      { enabled: source !== undefined, placeholderData: keepPreviousData },
    ),
  );
}

interface TemplateChoiceProps {
  readonly template: MetricTemplateView;
  readonly templates: readonly MetricTemplateView[];
  readonly onChange: (id: string) => void;
}

function TemplateChoice({ template, templates, onChange }: TemplateChoiceProps) {
  const t = useTranslations('workbench.add');
  return (
    <Field label={t('template')}>
      {(control) => (
        <Select
          {...control}
          className="w-full"
          value={template.id}
          onValueChange={onChange}
          options={templates.map(({ id, label }) => ({ value: id, label }))}
        />
      )}
    </Field>
  );
}

interface OptionsProps {
  readonly value: { readonly scopeLabel: string; readonly window: string };
  readonly onChange: (value: { scopeLabel: string; window: string }) => void;
}

function Options({ value, onChange }: OptionsProps) {
  const t = useTranslations('workbench.add');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {(['scopeLabel', 'window'] as const).map((name) => (
        <Field key={name} label={t(name)} hint={t(`${name}Hint`)}>
          {(control) => (
            <Input
              {...control}
              className="font-mono text-xs"
              spellCheck={false}
              placeholder={USUAL[name]}
              value={value[name]}
              onChange={({ target }) => onChange({ ...value, [name]: target.value.trim() })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
