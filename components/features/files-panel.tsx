'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { saveAsFile } from '@/components/canary/workbench/save-as-file';
import { isWhole } from '@/components/features/import.view';
import { ImportDialog } from '@/components/features/import-dialog';
import { ImportReport } from '@/components/features/import-report';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { CardBody } from '@/components/ui/card';
import { Field, Textarea } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';

/** flagd files in and out. */
export function FilesPanel() {
  const trpc = useTRPC();
  const environments = (useQuery(trpc.toggles.environments.list.queryOptions({})).data ?? []).map(
    ({ name }) => name,
  );
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <ImportPart environments={environments} />
      <ExportPart environments={environments} />
    </div>
  );
}

interface PartProps {
  readonly environments: readonly string[];
}

function ImportPart({ environments }: PartProps) {
  const t = useTranslations('features.files');
  const mayWrite = useMay('toggle.write');
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState('');
  const { read, mutation } = useImport();
  const environment = chosen ?? environments[0] ?? '';
  const canAsk = mayWrite && text.trim() !== '' && environment !== '';
  const report = mutation.data;
  const [isAsking, setAsking] = useState(false);
  const [segments, setSegments] = useState<SegmentChoice>('keep');
  const isShared =
    report?.segments.some((one) => one.outcome === 'changed' && one.usedBy.length > 0) ?? false;
  const put = (next: string) => {
    setText(next);
    // What was found is about the text before.
    mutation.reset();
  };
  const chooseEnvironment = (next: string) => {
    setChosen(next);
    // So it is of the environment before.
    mutation.reset();
  };
  return (
    <Panel title={t('importTitle')} description={t('importText')}>
      <CardBody className="flex flex-col gap-3">
        <EnvironmentField environments={environments} value={environment} onChange={chooseEnvironment} />
        <FileText value={text} disabled={!mayWrite} onChange={put} />
        {isShared ? <SegmentField value={segments} onChange={setSegments} /> : null}
        <div className="flex flex-wrap gap-2">
          <MutationButton
            pending={mutation.isPending}
            disabled={!canAsk}
            onClick={() => read({ environment, json: text, dryRun: true })}
          >
            {t('check')}
          </MutationButton>
          <MutationButton
            variant="primary"
            pending={mutation.isPending}
            disabled={!canAsk || !report || report.isWritten || !isWhole(report)}
            title={report ? (isWhole(report) ? undefined : t('mendFirst')) : t('checkFirst')}
            onClick={() => setAsking(true)}
          >
            {t('import')}
          </MutationButton>
        </div>
        {mutation.error ? (
          <p role="alert" className="whitespace-pre-line text-danger-ink text-sm">
            {mutation.error.message}
          </p>
        ) : null}
        {report && !isWhole(report) ? (
          <p role="alert" className="text-danger-ink text-sm">
            {t('mendFirst')}
          </p>
        ) : null}
        {report ? <ImportReport report={report} /> : null}
        {report && isAsking && !report.isWritten ? (
          <ImportDialog
            {...{ report, environment }}
            pending={mutation.isPending}
            onConfirm={() => {
              setAsking(false);
              read({ environment, json: text, dryRun: false, ...(isShared ? { segments } : {}) });
            }}
            onClose={() => setAsking(false)}
          />
        ) : null}
      </CardBody>
    </Panel>
  );
}

interface FileTextProps {
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

function FileText({ value, disabled, onChange }: FileTextProps) {
  const t = useTranslations('features.files');
  return (
    <>
      <input
        type="file"
        accept="application/json,.json"
        aria-label={t('file')}
        disabled={disabled}
        className="text-sm file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:text-ink"
        onChange={({ target }) => void target.files?.[0]?.text().then(onChange)}
      />
      <Field label={t('text')}>
        {(control) => (
          <Textarea
            {...control}
            rows={8}
            spellCheck={false}
            disabled={disabled}
            className="font-mono text-xs"
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
        )}
      </Field>
    </>
  );
}

type SegmentChoice = 'keep' | 'replace';

interface SegmentFieldProps {
  readonly value: SegmentChoice;
  readonly onChange: (choice: SegmentChoice) => void;
}

/** A segment belongs to all environments, so a file for one must not change it without being told to. */
function SegmentField({ value, onChange }: SegmentFieldProps) {
  const t = useTranslations('features.files');
  return (
    <Field label={t('segments')} className="items-start">
      {(control) => (
        <Select
          {...control}
          value={value}
          onValueChange={(next) => onChange(next === 'replace' ? 'replace' : 'keep')}
          options={(['keep', 'replace'] as const).map((choice) => ({
            value: choice,
            label: t(`segmentChoices.${choice}`),
          }))}
        />
      )}
    </Field>
  );
}

function useImport() {
  const t = useTranslations('features.files');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const mutation = useMutation(
    trpc.toggles.importFlagd.mutationOptions({
      onSuccess: async ({ isWritten }) => {
        if (!isWritten) return;
        toast.success(t('imported'));
        await refresh();
      },
    }),
  );
  return { mutation, read: mutation.mutate };
}

function ExportPart({ environments }: PartProps) {
  const t = useTranslations('features.files');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [form, setForm] = useState<'written' | 'served'>('written');
  const environment = chosen ?? environments[0] ?? '';
  const [omitted, setOmitted] = useState<
    readonly { readonly key: string; readonly fields: readonly string[] }[]
  >([]);
  const save = useMutation({
    mutationFn: () =>
      cache.fetchQuery({ ...trpc.toggles.exportFlagd.queryOptions({ environment, form }), staleTime: 0 }),
    onSuccess: (exported) => {
      saveAsFile(`${environment}.flagd.json`, JSON.stringify(exported.file, null, 2));
      setOmitted(exported.omitted);
    },
    onError: (error) => toast.error(t('exportFailed'), { description: error.message }),
  });
  return (
    <Panel title={t('exportTitle')} description={t('exportText')}>
      <CardBody className="flex flex-col items-start gap-3">
        <EnvironmentField environments={environments} value={environment} onChange={setChosen} />
        <Field label={t('form')} hint={t(`formHints.${form}`)}>
          {(control) => (
            <Select
              {...control}
              value={form}
              onValueChange={(next) => setForm(next === 'served' ? 'served' : 'written')}
              options={(['written', 'served'] as const).map((value) => ({
                value,
                label: t(`forms.${value}`),
              }))}
            />
          )}
        </Field>
        <Button disabled={environment === '' || save.isPending} onClick={() => save.mutate()}>
          <Download aria-hidden />
          {t('export')}
        </Button>
        {omitted.length > 0 ? (
          <div role="status" className="text-caution-ink text-sm">
            <p>{t('omitted')}</p>
            <ul className="list-disc pl-5">
              {omitted.map(({ key, fields }) => (
                <li key={key}>
                  <code className="font-mono">{key}</code>: {fields.join(', ')}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </CardBody>
    </Panel>
  );
}

interface EnvironmentFieldProps extends PartProps {
  readonly value: string;
  readonly onChange: (environment: string) => void;
}

function EnvironmentField({ environments, value, onChange }: EnvironmentFieldProps) {
  const t = useTranslations('features.files');
  return (
    <Field label={t('environment')} className="items-start">
      {(control) => (
        <Select
          {...control}
          value={value}
          onValueChange={onChange}
          options={environments.map((name) => ({ value: name, label: name }))}
        />
      )}
    </Field>
  );
}
