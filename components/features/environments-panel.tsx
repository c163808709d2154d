'use client';

import { useQuery } from '@tanstack/react-query';
import { Layers, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ClientKeysPanel } from '@/components/features/client-keys-panel';
import { EnvironmentDialog } from '@/components/features/environment-dialog';
import { FreezeNotes } from '@/components/features/freeze-notes';
import { useSaveEnvironment } from '@/components/features/use-save-environment';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Switch } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import type { ToggleEnvironmentRow } from '@/server/domain/views/toggles';

/** Where features are switched apart from each other, and the keys by which applications ask. */
export function EnvironmentsPanel() {
  const t = useTranslations('features.environments');
  const trpc = useTRPC();
  const may = useMay('integration.write');
  const query = useQuery(trpc.toggles.environments.list.queryOptions({}));
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button disabled={!may} title={may ? undefined : t('notAllowed')} onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('add')}
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <Panel title={t('title')} description={t('description')} action={add}>
        <QueryStates
          query={query}
          skeleton={<RowsSkeleton />}
          failed={t('failed')}
          empty={
            <EmptyState icon={<Layers />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
        >
          {(environments) => (
            <ul aria-label={t('title')}>
              {environments.map((one) => (
                <EnvironmentRow key={one.name} environment={one} may={may} />
              ))}
            </ul>
          )}
        </QueryStates>
      </Panel>
      <ClientKeysPanel environments={(query.data ?? []).map(({ name }) => name)} />
      {isAdding ? <AddEnvironment count={query.data?.length ?? 0} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

function EnvironmentRow({ environment, may }: { environment: ToggleEnvironmentRow; may: boolean }) {
  const t = useTranslations('features.environments');
  const save = useSaveEnvironment();
  const [isOpen, setOpen] = useState(false);
  const { name, requiresReview, toggles, clientKeys, freezes } = environment;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium text-sm">{name}</p>
        <p className="text-muted text-xs">
          {t('features', { count: toggles })} · {t('keys', { count: clientKeys })}
        </p>
        <FreezeNotes freezes={freezes} />
      </div>
      <label className="inline-flex cursor-pointer items-center gap-2 text-sm">
        <Switch
          checked={requiresReview}
          disabled={!may || save.isPending}
          onCheckedChange={(next) => save.mutate({ name, requiresReview: next })}
        />
        {t('review', { name })}
      </label>
      <Button
        size="sm"
        disabled={!may}
        title={may ? undefined : t('notAllowed')}
        aria-label={t('rulesOf', { name })}
        onClick={() => setOpen(true)}
      >
        {t('rules')}
      </Button>
      {isOpen ? <EnvironmentDialog environment={environment} onClose={() => setOpen(false)} /> : null}
    </li>
  );
}

function AddEnvironment({ count, onClose }: { count: number; onClose: () => void }) {
  const t = useTranslations('features.environments');
  const common = useTranslations('features');
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const save = useSaveEnvironment(onClose);
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(name);
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('add')}
        description={t('addText')}
        action={t('add')}
        pendingLabel={common('saving')}
        pending={save.isPending}
        onSubmit={() => {
          setAsked(true);
          if (isName) save.mutate({ name, order: count });
        }}
      >
        <Field label={t('name')} hint={t('nameHint')} error={asked && !isName ? t('nameBad') : null}>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </FormDialogContent>
    </Dialog>
  );
}
