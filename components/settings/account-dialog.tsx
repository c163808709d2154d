'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import type { Issue } from '@/components/editor/issues.view';
import { CheckFindings, useAccountCheck } from '@/components/settings/account-check';
import { AccountFields } from '@/components/settings/account-fields';
import {
  accountDraft,
  isAccountNameBad,
  missingSettings,
  settingsOf,
} from '@/components/settings/accounts.view';
import { issuesOf } from '@/components/settings/metrics-sources.view';
import { useWrongPlaces } from '@/components/settings/use-wrong-places';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import type { AccountCheck } from '@/server/domain/account-check';
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
  // A test needs no name.
  const [asked, setAsked] = useState<'test' | 'save' | null>(null);
  const schema = types.find(({ kind }) => kind === draft.provider)?.configSchema;
  const { save, check, answer, issues, forget } = useAccountActs(account === null, draft.name, onClose);
  const missing = missingSettings(draft, schema);
  const isBad = account === null && isAccountNameBad(draft.name);
  const isNameWrong = asked === 'save' && isBad;
  const absent = asked ? missing.map((name) => ({ path: `config.${name}`, message: t('missing') })) : [];
  const marked = [...issues, ...absent];
  const { fields, problem, show } = useWrongPlaces(marked, issues, isNameWrong, schema);
  const given = { provider: draft.provider, config: settingsOf(draft, schema) };
  const [warned, setWarned] = useState<AccountCheck | null>(null);
  const isDoubted = answer !== null && !answer.ok && warned === answer;
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={account ? t('editTitle', { name: account.name }) : t('addTitle')}
        description={t('dialogText')}
        keep={common('cancel')}
        action={t(isDoubted ? 'saveAnyway' : 'save')}
        pendingLabel={t('saving')}
        pending={save.isPending}
        problem={problem ?? (isDoubted ? t('testFailed') : null)}
        beside={
          <MutationButton
            pending={check.isPending}
            pendingLabel={t('testing')}
            onClick={() => {
              setAsked(asked ?? 'test');
              // What a save was refused for may be mended since.
              save.reset();
              if (missing.length > 0) show();
              else check.mutate(given);
            }}
          >
            {t('test')}
          </MutationButton>
        }
        onSubmit={() => {
          setAsked('save');
          if (isBad || missing.length > 0) show();
          // Saving what was just seen to fail may be meant: it is asked for twice.
          else if (answer !== null && !answer.ok && !isDoubted) setWarned(answer);
          else save.mutate({ name: draft.name, ...given });
        }}
      >
        <AccountFields
          ref={fields}
          isNew={account === null}
          {...{ types, draft, isNameWrong }}
          issues={marked}
          onChange={(next) => {
            forget(next.provider !== draft.provider);
            setDraft(next);
          }}
        />
        <CheckFindings answer={answer} asked={isDoubted} />
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
  return {
    save,
    check,
    issues,
    // What the fields say already need not be said twice.
    answer: check.error && issues.length > 0 ? null : answer,
    /** An answer is about what was asked then; what is wrong with fields of the platform stays until it is asked again. */
    forget: (isOtherPlatform: boolean) => {
      if (isOtherPlatform) save.reset();
      if (isOtherPlatform || issues.length === 0) check.reset();
    },
  };
}
