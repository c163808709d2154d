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
import { CheckFindings, useAccountCheck } from '@/components/settings/account-check';
import {
  accountDraft,
  isAccountNameBad,
  missingSettings,
  settingsOf,
  withProvider,
} from '@/components/settings/accounts.view';
import { KindAndName } from '@/components/settings/kind-and-name';
import { issuesOf } from '@/components/settings/metrics-sources.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import type { AccountSettings, AccountType } from '@/server/domain/views/admin';

interface AccountDialogProps {
  /** Null for a new one. */
  readonly account: AccountSettings | null;
  readonly types: readonly AccountType[];
  readonly onClose: () => void;
}

/** Where a platform is, by the form of its kind; it can be tried before it is saved. */
export function AccountDialog({ account, types, onClose }: AccountDialogProps) {
  const t = useTranslations('settings.accounts');
  const common = useTranslations('common');
  const [draft, setDraft] = useState(() => accountDraft(account, types[0]?.kind ?? ''));
  const [asked, setAsked] = useState(false);
  const schema = types.find(({ kind }) => kind === draft.provider)?.configSchema;
  const { save, check, answer, issues } = useAccountActs(account === null, draft.name, onClose);
  const missing = missingSettings(draft, schema);
  const isBad = account === null && isAccountNameBad(draft.name);
  const absent = asked ? missing.map((name) => ({ path: `config.${name}`, message: t('missing') })) : [];
  const form = { issues: [...issues, ...absent], readOnly: false, expressions: false, within: 'account' };
  const given = { provider: draft.provider, config: settingsOf(draft, schema) };
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={account ? t('editTitle', { name: account.name }) : t('addTitle')}
        description={t('dialogText')}
        keep={common('cancel')}
        action={t('save')}
        pendingLabel={t('saving')}
        pending={save.isPending}
        onSubmit={() => {
          setAsked(true);
          if (!isBad && missing.length === 0) save.mutate({ name: draft.name, ...given });
        }}
      >
        {account ? null : (
          <KindAndName
            {...{ types }}
            kind={draft.provider}
            name={draft.name}
            words={{ kind: t('columns.provider'), name: t('name'), nameHint: t('nameHint') }}
            error={asked && isBad ? t('nameBad') : null}
            onKind={(provider) => setDraft(withProvider(draft, provider))}
            onName={(name) => setDraft({ ...draft, name })}
          />
        )}
        <FormContext value={form}>
          {fieldsOf(asSchema(schema)).map((field) => (
            <SchemaField
              key={`${draft.provider} ${field.name}`}
              field={field}
              value={draft.config[field.name]}
              siblings={draft.config}
              path={`config.${field.name}`}
              onChange={(value) => setDraft({ ...draft, config: withField(draft.config, field.name, value) })}
            />
          ))}
        </FormContext>
        <div className="flex flex-wrap items-start gap-3">
          <MutationButton
            pending={check.isPending}
            pendingLabel={t('testing')}
            onClick={() => {
              setAsked(true);
              if (missing.length === 0) check.mutate(given);
            }}
          >
            {t('test')}
          </MutationButton>
          <CheckFindings answer={answer} className="min-w-0 flex-1 basis-48" />
        </div>
      </FormDialogContent>
    </Dialog>
  );
}

const NO_ISSUES: readonly Issue[] = [];

function useAccountActs(isNew: boolean, name: string, onClose: () => void) {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { check, answer } = useAccountCheck();
  const save = useMutation(
    trpc.accounts.save.mutationOptions({
      onSuccess: async ({ warnings }) => {
        toast.success(t(isNew ? 'added' : 'changed', { name }));
        for (const warning of warnings) toast.warning(warning);
        onClose();
        await cache.invalidateQueries(trpc.accounts.pathFilter());
      },
      onError: (error) => {
        if (issuesOf(error).length === 0) toast.error(t('saveFailed'), { description: error.message });
      },
    }),
  );
  const refused = save.error ?? check.error;
  const issues = useMemo(() => (refused ? issuesOf(refused) : NO_ISSUES), [refused]);
  // What the fields say already need not be said twice.
  return { save, check, issues, answer: check.error && issues.length > 0 ? null : answer };
}
