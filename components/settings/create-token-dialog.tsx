'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { Checks } from '@/components/settings/checks';
import { permissionKey } from '@/components/settings/settings.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import type { Permission } from '@/server/domain/roles';

interface CreateTokenDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (created: { name: string; token: string }) => void;
}

export function CreateTokenDialog(props: CreateTokenDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open ? <Content {...props} /> : null}
    </Dialog>
  );
}

const NEVER = 'never';
const DAYS = ['7', '30', '90', '365', NEVER] as const;

function Content({ onOpenChange, onCreated }: CreateTokenDialogProps) {
  const t = useTranslations('settings.tokens.create');
  const words = useTranslations('settings');
  const me = useMe().data;
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Permission[]>(['read']);
  const [days, setDays] = useState<string>('90');
  const [asked, setAsked] = useState(false);
  const create = useCreate((token) => {
    onOpenChange(false);
    onCreated({ name: name.trim(), token });
  });
  const submit = () => {
    setAsked(true);
    if (name.trim() === '' || scopes.length === 0) return;
    create.mutate({
      name: name.trim(),
      scopes: [...scopes],
      expiresInDays: days === NEVER ? null : Number(days),
    });
  };
  return (
    <FormDialogContent
      title={t('title')}
      description={t('description')}
      keep={words('people.keep')}
      action={t('do')}
      pendingLabel={t('doing')}
      pending={create.isPending}
      onSubmit={submit}
    >
      <Field label={t('name')} hint={t('nameHint')} error={asked && name.trim() === '' ? t('nameBad') : null}>
        {(control) => (
          <Input
            {...control}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Checks
        legend={t('scopes')}
        options={(me?.permissions ?? []).map((value) => ({
          value,
          label: words(`permissions.${permissionKey(value)}`),
        }))}
        chosen={scopes}
        onChange={setScopes}
        error={asked && scopes.length === 0 ? t('scopesBad') : null}
      />
      <ExpiryField days={days} onChange={setDays} />
    </FormDialogContent>
  );
}

function ExpiryField({ days, onChange }: { days: string; onChange: (days: string) => void }) {
  const t = useTranslations('settings.tokens.create');
  return (
    <Field label={t('expires')}>
      {(control) => (
        <Select
          {...control}
          value={days}
          onValueChange={onChange}
          options={DAYS.map((value) => ({
            value,
            label: value === NEVER ? t('noExpiry') : t('days', { days: Number(value) }),
          }))}
        />
      )}
    </Field>
  );
}

function useCreate(onToken: (token: string) => void) {
  const t = useTranslations('settings.tokens.create');
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.tokens.create.mutationOptions({
      onSuccess: async ({ token }) => {
        onToken(token);
        await cache.invalidateQueries(trpc.tokens.list.queryFilter());
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
