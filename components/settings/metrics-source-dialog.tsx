'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { FormContext } from '@/components/editor/form/form-context';
import { SchemaField } from '@/components/editor/form/schema-field';
import { withField } from '@/components/editor/form/schema-form';
import type { Issue } from '@/components/editor/issues.view';
import { asSchema, fieldsOf } from '@/components/editor/schema.view';
import { KindAndName } from '@/components/settings/kind-and-name';
import { CheckAnswer, CheckButton, useSourceCheck } from '@/components/settings/metrics-source-check';
import { SecretField } from '@/components/settings/metrics-source-secret';
import {
  draftOf,
  isNameBad,
  isSecret,
  issuesOf,
  missingFields,
  type SourceDraft,
  withKind,
  withSecret,
} from '@/components/settings/metrics-sources.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { MetricsSourceTypeView, MetricsSourceView } from '@/server/domain/views/canary';

interface MetricsSourceDialogProps {
  /** Null for a new one. */
  readonly source: MetricsSourceView | null;
  readonly types: readonly MetricsSourceTypeView[];
  readonly onClose: () => void;
}

/** Where a source is and how to sign in, by the form of its kind; it can be tried before it is saved. */
export function MetricsSourceDialog({ source, types, onClose }: MetricsSourceDialogProps) {
  const t = useTranslations('metricsSources');
  const common = useTranslations('common');
  const [draft, setDraft] = useState(() => draftOf(source, types[0]?.kind ?? ''));
  const { apply, check, answer, issues } = useSourceActs(source, draft, onClose);
  const [asked, setAsked] = useState(false);
  const type = types.find(({ kind }) => kind === draft.kind);
  const missing = missingFields(draft, type?.configSchema);
  const isBad = source === null && isNameBad(draft.name);
  const form = useMemo(() => {
    const absent = asked ? missing.map((name) => ({ path: `config.${name}`, message: t('missing') })) : [];
    return { issues: [...issues, ...absent], readOnly: false, expressions: false, within: 'metricsSource' };
  }, [issues, missing, asked, t]);
  const submit = () => {
    setAsked(true);
    if (!isBad && missing.length === 0) apply.mutate(draft);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={source ? t('editTitle', { name: source.name }) : t('addTitle')}
        description={t('dialogText')}
        keep={common('cancel')}
        action={t('save')}
        pendingLabel={t('saving')}
        pending={apply.isPending}
        onSubmit={submit}
      >
        {source ? null : (
          <KindAndName
            {...{ types }}
            kind={draft.kind}
            name={draft.name}
            words={{ kind: t('kind'), name: t('name'), nameHint: t('nameHint') }}
            error={asked && isBad ? t('nameBad') : null}
            onKind={(kind) => setDraft(withKind(draft, kind))}
            onName={(name) => setDraft({ ...draft, name })}
          />
        )}
        <FormContext value={form}>
          <Settings {...{ draft, source }} configSchema={type?.configSchema} onChange={setDraft} />
        </FormContext>
        <div className="flex flex-wrap items-center gap-3">
          <CheckButton
            pending={check.isPending}
            disabled={false}
            onClick={() => {
              setAsked(true);
              if (missing.length > 0) return;
              const { kind, config, secrets } = draft;
              check.mutate({ kind, config, secrets, ...(source ? { name: source.name } : {}) });
            }}
          />
          <CheckAnswer answer={answer} className="min-w-0 flex-1" />
        </div>
      </FormDialogContent>
    </Dialog>
  );
}

const NO_ISSUES: readonly Issue[] = [];

function useSourceActs(source: MetricsSourceView | null, draft: SourceDraft, onClose: () => void) {
  const t = useTranslations('metricsSources');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { check, answer } = useSourceCheck();
  const apply = useMutation(
    trpc.metricsSources.save.mutationOptions({
      onSuccess: async () => {
        toast.success(t(source ? 'changed' : 'added', { name: draft.name }));
        onClose();
        await cache.invalidateQueries(trpc.metricsSources.pathFilter());
      },
      onError: (error) => {
        if (issuesOf(error).length === 0) toast.error(t('saveFailed'), { description: error.message });
      },
    }),
  );
  const refused = apply.error ?? check.error;
  const issues = useMemo(() => (refused ? issuesOf(refused) : NO_ISSUES), [refused]);
  // What the fields say already need not be said twice.
  return { apply, check, issues, answer: check.error && issues.length > 0 ? null : answer };
}

interface SettingsProps {
  readonly draft: SourceDraft;
  readonly source: MetricsSourceView | null;
  readonly configSchema: unknown;
  readonly onChange: (draft: SourceDraft) => void;
}

function Settings({ draft, source, configSchema, onChange }: SettingsProps) {
  return fieldsOf(asSchema(configSchema)).map((field) =>
    isSecret(field) ? (
      <SecretField
        key={`${draft.kind} ${field.name}`}
        field={field}
        value={draft.secrets[field.name]}
        isSet={source?.secrets.includes(field.name) ?? false}
        onChange={(value) => onChange(withSecret(draft, field.name, value))}
      />
    ) : (
      <SchemaField
        key={`${draft.kind} ${field.name}`}
        field={field}
        value={draft.config[field.name]}
        siblings={draft.config}
        path={`config.${field.name}`}
        onChange={(value) => onChange({ ...draft, config: withField(draft.config, field.name, value) })}
      />
    ),
  );
}
