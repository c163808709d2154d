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
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { useExactTime } from '@/components/ui/time';
import type { PinView } from '@/server/domain/views/board';

interface PinMarkProps {
  readonly application: string;
  readonly cluster: string;
  readonly pin: PinView;
}

/** Says that a cluster is pinned, by whom, why and until when, and lets whoever may lift the pin. */
export function PinMark({ application, cluster, pin }: PinMarkProps) {
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
      <Dialog open={open} onOpenChange={setOpen}>
        {open ? (
          <LiftPin
            application={application}
            cluster={cluster}
            pin={pin}
            story={story}
            onDone={() => setOpen(false)}
          />
        ) : null}
      </Dialog>
    </>
  );
}

function LiftPin(props: PinMarkProps & { readonly story: string; readonly onDone: () => void }) {
  const { application, cluster, pin, story, onDone } = props;
  const t = useTranslations('clusters.lift');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const lift = useLiftPin(cluster, onDone);
  const missing = reason.trim() === '';
  const submit = () => {
    setAsked(true);
    if (!missing) lift.mutate({ application, cluster, reason: reason.trim() });
  };
  return (
    <DialogContent
      title={t('title', { cluster })}
      description={t('description', { version: pin.version, story })}
      footer={
        <>
          <DialogClose asChild>
            <Button>{t('keep')}</Button>
          </DialogClose>
          <MutationButton
            variant="primary"
            pending={lift.isPending}
            pendingLabel={t('doing')}
            onClick={submit}
          >
            {t('do')}
          </MutationButton>
        </>
      }
    >
      <Field label={t('reason')} error={asked && missing ? t('reasonMissing') : null}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        )}
      </Field>
    </DialogContent>
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
