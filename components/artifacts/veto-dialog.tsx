'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import type { ArtifactView } from '@/server/domain/views/admin';

interface VetoDialogProps {
  /** Null: closed. */
  readonly artifact: ArtifactView | null;
  readonly onClose: () => void;
}

/** Vetoes an artifact, or lifts its veto; either needs a reason. */
export function VetoDialog({ artifact, onClose }: VetoDialogProps) {
  return (
    <Dialog open={artifact !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {artifact ? <Content artifact={artifact} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ artifact, onClose }: { artifact: ArtifactView; onClose: () => void }) {
  const t = useTranslations('artifacts');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const { name, version, veto } = artifact;
  const act = useVeto(artifact, onClose);
  const kind = veto ? 'lift' : 'veto';
  const submit = () => {
    setAsked(true);
    if (reason.trim() !== '') act.mutate({ name, version, reason: reason.trim() });
  };
  return (
    <DialogContent
      title={t(`${kind}.title`, { name, version })}
      description={veto ? t('lift.description', { by: veto.by, reason: veto.reason }) : t('veto.description')}
      footer={
        <>
          <DialogClose asChild>
            <Button>{t('keep')}</Button>
          </DialogClose>
          <MutationButton
            variant={veto ? 'primary' : 'danger'}
            pending={act.isPending}
            pendingLabel={t(`${kind}.doing`)}
            onClick={submit}
          >
            {t(`${kind}.do`, { version })}
          </MutationButton>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {!veto && artifact.runsIn.length > 0 ? (
          <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">
            {t('veto.running', { environments: artifact.runsIn.join(', ') })}
          </p>
        ) : null}
        <Field label={t('reason')} error={asked && reason.trim() === '' ? t('reasonMissing') : null}>
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
      </div>
    </DialogContent>
  );
}

function useVeto({ name, version, veto }: ArtifactView, onDone: () => void) {
  const t = useTranslations('artifacts');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const kind = veto ? 'lift' : 'veto';
  const after = {
    onSuccess: async () => {
      toast.success(t(`${kind}.done`, { name, version }));
      onDone();
      await cache.invalidateQueries(trpc.artifacts.list.queryFilter());
    },
    onError: (error: { message: string }) => toast.error(t(`${kind}.failed`), { description: error.message }),
  };
  const set = useMutation(trpc.artifacts.veto.mutationOptions(after));
  const lift = useMutation(trpc.artifacts.liftVeto.mutationOptions(after));
  return veto ? lift : set;
}
