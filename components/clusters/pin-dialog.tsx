'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ReasonDialog } from '@/components/ui/form-dialog';
import { useExactTime } from '@/components/ui/time';
import type { PinView } from '@/server/domain/views/board';

interface PinMarkProps {
  readonly application: string;
  readonly cluster: string;
  readonly account: string;
  readonly pin: PinView;
}

/** Says that a cluster is pinned, by whom, why and until when, and lets whoever may lift the pin. */
export function PinMark({ application, cluster, account, pin }: PinMarkProps) {
  const t = useTranslations('clusters');
  const exact = useExactTime();
  const [open, setOpen] = useState(false);
  const mayLift = useMay('cluster.operate');
  const until = pin.expiresAt ? ` ${t('pinnedUntil', { time: exact(pin.expiresAt) })}` : '';
  const story = t('pinnedBy', { by: pin.by, reason: pin.reason }) + until;
  return (
    <>
      <Badge tone="caution" title={story}>
        <Pin aria-hidden className="size-3 fill-current" />
        {t('pinned', { version: pin.version })}
      </Badge>
      {mayLift ? (
        <Button size="sm" onClick={() => setOpen(true)}>
          {t('unpin')}
        </Button>
      ) : null}
      <LiftPin
        application={application}
        cluster={cluster}
        account={account}
        pin={pin}
        story={story}
        open={open}
        onOpenChange={setOpen}
      />
    </>
  );
}

interface LiftPinProps extends PinMarkProps {
  readonly story: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

function LiftPin({ application, cluster, account, pin, story, open, onOpenChange }: LiftPinProps) {
  const t = useTranslations('clusters.lift');
  const lift = useLiftPin(cluster, () => onOpenChange(false));
  return (
    <ReasonDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title', { cluster })}
      description={t('description', { version: pin.version, story })}
      keep={t('keep')}
      action={t('do')}
      pendingLabel={t('doing')}
      pending={lift.isPending}
      reasonLabel={t('reason')}
      reasonMissing={t('reasonMissing')}
      onConfirm={(reason) => lift.mutate({ application, cluster, account, reason })}
    />
  );
}

function useLiftPin(cluster: string, onDone: () => void) {
  const t = useTranslations('clusters.lift');
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.pins.lift.mutationOptions({
      onSuccess: async () => {
        toast.success(t('done', { cluster }));
        onDone();
        await cache.invalidateQueries(trpc.clusters.list.queryFilter());
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
