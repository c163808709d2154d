'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { undoHref, useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { ReasonField } from '@/components/ui/reason-field';

interface KillDialogProps {
  readonly feature: { readonly key: string; readonly name: string };
  /** Null for all of them. */
  readonly environment: string | null;
  readonly onClose: () => void;
}

/** The second of the two clicks. The reason is filled in already: nobody should have to find words in an emergency. */
export function KillDialog({ feature, environment, onClose }: KillDialogProps) {
  const t = useTranslations('features.kill');
  const common = useTranslations('features');
  const [reason, setReason] = useState(t('standardReason'));
  const kill = useKill(feature, onClose);
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        tone="danger"
        title={
          environment === null
            ? t('titleAll', { name: feature.name })
            : t('title', { name: feature.name, environment })
        }
        description={t('text')}
        keep={t('keep')}
        action={environment === null ? t('doAll') : t('do', { environment })}
        pendingLabel={t('doing')}
        pending={kill.isPending}
        onSubmit={() =>
          kill.mutate({
            key: feature.key,
            ...(environment === null ? {} : { environment }),
            reason: reason.trim() === '' ? t('standardReason') : reason.trim(),
          })
        }
      >
        <ReasonField label={common('reason')} value={reason} onChange={setReason} />
        <ErrorLine error={kill.error} />
      </FormDialogContent>
    </Dialog>
  );
}

function useKill({ key, name }: KillDialogProps['feature'], onDone: () => void) {
  const t = useTranslations('features.kill');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const router = useRouter();
  return useMutation(
    trpc.toggles.kill.mutationOptions({
      onSuccess: async ({ killed }) => {
        const [only, ...more] = killed;
        const environments = killed.map((one) => one.environment).join(', ');
        if (!only) toast.info(t('wasOff', { name }));
        else {
          const action = {
            label: common('undo'),
            onClick: () => router.push(undoHref(key, only.changeId)),
          };
          // Several at once are taken back one by one, from their history.
          toast.success(t('done', { name, environments }), more.length === 0 ? { action } : {});
        }
        onDone();
        await refresh();
      },
    }),
  );
}
