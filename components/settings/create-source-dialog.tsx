'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import { pipelineNameSchema } from '@/server/domain/pipeline';

interface CreateSourceDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (created: { name: string; secret: string }) => void;
}

/** Asks who will send, and under which name. */
export function CreateSourceDialog(props: CreateSourceDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open ? <Content {...props} /> : null}
    </Dialog>
  );
}

function Content({ onOpenChange, onCreated }: CreateSourceDialogProps) {
  const t = useTranslations('settings.webhooks.create');
  const people = useTranslations('settings.people');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const kinds = useQuery(trpc.catalogue.list.queryOptions({})).data?.webhooks ?? [];
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const chosen = kind ?? kinds[0]?.kind ?? '';
  const bad = !pipelineNameSchema.safeParse(name).success;
  const create = useMutation(
    trpc.webhooks.createSource.mutationOptions({
      onSuccess: async (created) => {
        onOpenChange(false);
        onCreated(created);
        await cache.invalidateQueries(trpc.webhooks.pathFilter());
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  return (
    <FormDialogContent
      title={t('title')}
      description={t('description')}
      keep={people('keep')}
      action={t('do')}
      pendingLabel={t('doing')}
      pending={create.isPending}
      disabled={chosen === ''}
      onSubmit={() => {
        setAsked(true);
        if (!bad) create.mutate({ name, kind: chosen });
      }}
    >
      <Field label={t('kind')}>
        {(control) => (
          <Select
            {...control}
            value={chosen}
            onValueChange={setKind}
            className="w-full"
            options={kinds.map((one) => ({ value: one.kind, label: one.label }))}
          />
        )}
      </Field>
      <Field label={t('name')} hint={t('nameHint')} error={asked && bad ? t('nameBad') : null}>
        {(control) => (
          <Input {...control} maxLength={63} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
    </FormDialogContent>
  );
}
