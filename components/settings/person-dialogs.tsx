'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { RolesDialog } from '@/components/settings/roles-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import type { UserView } from '@/server/domain/views/admin';

export interface PersonAct {
  readonly kind: 'roles' | 'reset' | 'disable' | 'enable';
  readonly person: UserView;
}

interface PersonDialogsProps {
  readonly act: PersonAct | null;
  readonly onClose: () => void;
  readonly onPassword: (shown: { name: string; password: string }) => void;
}

/** The one dialog that belongs to what was chosen for a person. Enabling again asks nothing. */
export function PersonDialogs({ act, onClose, onPassword }: PersonDialogsProps) {
  if (!act) return null;
  switch (act.kind) {
    case 'roles':
      return <RolesDialog person={act.person} onClose={onClose} />;
    case 'reset':
      return <ResetDialog person={act.person} onClose={onClose} onPassword={onPassword} />;
    case 'disable':
      return <DisableDialog person={act.person} onClose={onClose} />;
    case 'enable':
      return <Enable person={act.person} onDone={onClose} />;
    default: {
      const unreachable: never = act.kind;
      return unreachable;
    }
  }
}

interface OneProps {
  readonly person: UserView;
  readonly onClose: () => void;
}

function ResetDialog({ person, onClose, onPassword }: OneProps & Pick<PersonDialogsProps, 'onPassword'>) {
  const t = useTranslations('settings.people');
  const trpc = useTRPC();
  const name = person.displayName;
  const reset = useMutation(
    trpc.users.resetPassword.mutationOptions({
      onSuccess: ({ password }) => {
        onClose();
        onPassword({ name, password });
      },
      onError: (error) => toast.error(t('resetDialog.failed'), { description: error.message }),
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('resetDialog.title', { name })}
      consequence={t('resetDialog.description', { name })}
      keep={t('keep')}
      action={t('resetDialog.do')}
      pendingLabel={t('resetDialog.doing')}
      pending={reset.isPending}
      onConfirm={() => reset.mutate({ userId: person.id })}
    />
  );
}

function useSetDisabled(person: UserView, onDone: () => void) {
  const t = useTranslations('settings.people.disableDialog');
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.users.setDisabled.mutationOptions({
      onSuccess: async (_, { disabled }) => {
        toast.success(t(disabled ? 'done' : 'enabled', { name: person.displayName }));
        onDone();
        await cache.invalidateQueries(trpc.users.list.queryFilter());
      },
      onError: (error) => {
        toast.error(t('failed'), { description: error.message });
        onDone();
      },
    }),
  );
}

function DisableDialog({ person, onClose }: OneProps) {
  const t = useTranslations('settings.people');
  const name = person.displayName;
  const act = useSetDisabled(person, onClose);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('disableDialog.title', { name })}
      consequence={t('disableDialog.description', { name })}
      keep={t('keep')}
      action={t('disableDialog.do', { name })}
      pendingLabel={t('disableDialog.doing')}
      pending={act.isPending}
      onConfirm={() => act.mutate({ userId: person.id, disabled: true })}
    />
  );
}

function Enable({ person, onDone }: { person: UserView; onDone: () => void }) {
  const { mutate } = useSetDisabled(person, onDone);
  // React runs effects twice in development; the act must happen once.
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    mutate({ userId: person.id, disabled: false });
  }, [mutate, person.id]);
  return null;
}
