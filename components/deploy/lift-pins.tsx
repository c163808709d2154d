'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { ReasonDialog } from '@/components/ui/form-dialog';

interface LiftPinsProps {
  readonly application: string;
  readonly pins: readonly { readonly account: string; readonly cluster: string }[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Lifts the pins of several clusters for one reason. */
export function LiftPins({ application, pins, open, onOpenChange }: LiftPinsProps) {
  const t = useTranslations('deploy.lift');
  const lift = useLiftPins(application, pins, () => onOpenChange(false));
  const count = pins.length;
  const clusters = pins.map(({ cluster }) => cluster).join(', ');
  return (
    <ReasonDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title', { count, clusters })}
      description={t('description', { count, clusters })}
      keep={t('keep')}
      action={t('do', { count })}
      pendingLabel={t('doing')}
      pending={lift.isPending}
      reasonLabel={t('reason')}
      reasonMissing={t('reasonMissing')}
      onConfirm={(reason) => lift.mutate(reason)}
    />
  );
}

function useLiftPins(application: string, pins: LiftPinsProps['pins'], onDone: () => void) {
  const t = useTranslations('deploy.lift');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const one = useMutation(trpc.pins.lift.mutationOptions());
  return useMutation({
    mutationFn: async (reason: string) => {
      for (const { account, cluster } of pins)
        await one.mutateAsync({ application, account, cluster, reason });
    },
    onSuccess: () => {
      toast.success(t('done', { count: pins.length }));
      onDone();
    },
    onError: (error) => toast.error(t('failed'), { description: error.message }),
    // Also where only the first of them were lifted.
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries(trpc.clusters.list.queryFilter()),
        cache.invalidateQueries(trpc.deployments.objections.queryFilter()),
      ]),
  });
}
