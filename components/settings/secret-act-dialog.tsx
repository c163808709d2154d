'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { useTRPC } from '@/components/trpc/trpc';

export type SecretAct = 'rotate' | 'remove';
export interface ShownSecret {
  readonly name: string;
  readonly secret: string;
}

interface SecretActDialogProps {
  /** What it is about: who sends to us, or whom we tell. */
  readonly of: 'webhooks' | 'notifications';
  readonly act: SecretAct;
  readonly name: string;
  readonly onClose: () => void;
  readonly onSecret: (shown: ShownSecret) => void;
}

/** Asks before a secret is replaced, or its owner is removed. */
export function SecretActDialog(props: SecretActDialogProps) {
  const { of, act, name, onClose } = props;
  const t = useTranslations(`settings.${of}`);
  const people = useTranslations('settings.people');
  const run = useAct(props);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(`${act}Dialog.title`, { name })}
      consequence={t(`${act}Dialog.description`)}
      keep={people('keep')}
      action={t(`${act}Dialog.do`)}
      pendingLabel={t(`${act}Dialog.doing`)}
      pending={run.isPending}
      onConfirm={() => run.mutate({ name })}
    />
  );
}

function useAct({ of, act, name, onClose, onSecret }: SecretActDialogProps) {
  const t = useTranslations(`settings.${of}`);
  const trpc = useTRPC();
  const cache = useQueryClient();
  const after = async () => {
    onClose();
    await cache.invalidateQueries(trpc[of].pathFilter());
  };
  const onError = (error: { message: string }) =>
    toast.error(t(`${act}Dialog.failed`), { description: error.message });
  const rotated = {
    onError,
    onSuccess: async (made: ShownSecret) => {
      await after();
      onSecret(made);
    },
  };
  const removed = {
    onError,
    onSuccess: async () => {
      toast.success(t('removeDialog.done', { name }));
      await after();
    },
  };
  const acts = {
    webhooks: {
      rotate: useMutation(trpc.webhooks.rotateSource.mutationOptions(rotated)),
      remove: useMutation(trpc.webhooks.removeSource.mutationOptions(removed)),
    },
    notifications: {
      rotate: useMutation(trpc.notifications.rotateEndpoint.mutationOptions(rotated)),
      remove: useMutation(trpc.notifications.removeEndpoint.mutationOptions(removed)),
    },
  };
  return acts[of][act];
}
