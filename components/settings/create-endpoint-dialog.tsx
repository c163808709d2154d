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

interface CreateEndpointDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (created: { name: string; secret: string }) => void;
}

/** Asks whom to tell, where, and in which words. */
export function CreateEndpointDialog(props: CreateEndpointDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open ? <Content {...props} /> : null}
    </Dialog>
  );
}

function Content({ onOpenChange, onCreated }: CreateEndpointDialogProps) {
  const t = useTranslations('settings.notifications.create');
  const people = useTranslations('settings.people');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const formats = useQuery(trpc.catalogue.list.queryOptions({})).data?.notifications ?? [];
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState('standard');
  const [asked, setAsked] = useState(false);
  const badName = !pipelineNameSchema.safeParse(name).success;
  const badUrl = !/^https?:\/\//.test(url) || !URL.canParse(url);
  const create = useMutation(
    trpc.notifications.createEndpoint.mutationOptions({
      onSuccess: async (created) => {
        onOpenChange(false);
        onCreated(created);
        await cache.invalidateQueries(trpc.notifications.pathFilter());
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
      onSubmit={() => {
        setAsked(true);
        const known = formats.find(({ kind }) => kind === format);
        if (!badName && !badUrl && known) create.mutate({ name, url, format: known.kind });
      }}
    >
      <Field label={t('name')} hint={t('nameHint')} error={asked && badName ? t('nameBad') : null}>
        {(control) => (
          <Input {...control} maxLength={63} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label={t('url')} error={asked && badUrl ? t('urlBad') : null}>
        {(control) => (
          <Input
            {...control}
            type="url"
            placeholder="https://"
            maxLength={2000}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('format')}>
        {(control) => (
          <Select
            {...control}
            value={format}
            onValueChange={setFormat}
            className="w-full"
            options={formats.map((one) => ({ value: one.kind, label: one.label }))}
          />
        )}
      </Field>
    </FormDialogContent>
  );
}
