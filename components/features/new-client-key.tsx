'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';

interface NewClientKeyProps {
  readonly environments: readonly string[];
  /** The key, which is shown this once. */
  readonly onSecret: (key: string) => void;
  readonly onClose: () => void;
}

/** Asks what the key is for, and makes it. */
export function NewClientKey({ environments, onSecret, onClose }: NewClientKeyProps) {
  const t = useTranslations('features.keys');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const [name, setName] = useState('');
  const [environment, setEnvironment] = useState(environments[0] ?? '');
  const [kind, setKind] = useState<'server' | 'web'>('server');
  const [asked, setAsked] = useState(false);
  const create = useMutation(
    trpc.toggles.clientKeys.create.mutationOptions({
      onSuccess: async ({ key }) => {
        onClose();
        onSecret(key);
        await refresh();
      },
    }),
  );
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('add')}
        description={t('addText')}
        action={t('add')}
        pendingLabel={common('saving')}
        pending={create.isPending}
        onSubmit={() => {
          setAsked(true);
          if (name.trim() !== '') create.mutate({ name: name.trim(), environment, kind });
        }}
      >
        <Field
          label={t('name')}
          hint={t('nameHint')}
          error={asked && name.trim() === '' ? t('nameBad') : null}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label={t('columns.environment')}>
          {(control) => (
            <Select
              {...control}
              value={environment}
              onValueChange={setEnvironment}
              options={environments.map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <Field label={t('columns.kind')} hint={t(`kindHints.${kind}`)}>
          {(control) => (
            <Select
              {...control}
              value={kind}
              onValueChange={(next) => setKind(next === 'web' ? 'web' : 'server')}
              options={(['server', 'web'] as const).map((value) => ({ value, label: t(`kinds.${value}`) }))}
            />
          )}
        </Field>
        <ErrorLine error={create.error} />
      </FormDialogContent>
    </Dialog>
  );
}
