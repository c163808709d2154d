'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { ArtifactView } from '@/server/domain/views/admin';

interface VetoDialogProps {
  /** Null: closed. */
  readonly artifact: ArtifactView | null;
  readonly onClose: () => void;
}

/** Vetoes an artifact, or lifts its veto; either needs a reason. */
export function VetoDialog({ artifact, onClose }: VetoDialogProps) {
  return artifact ? <Asked artifact={artifact} onClose={onClose} /> : null;
}

function Asked({ artifact, onClose }: { artifact: ArtifactView; onClose: () => void }) {
  const t = useTranslations('artifacts');
  const { name, version, veto } = artifact;
  const act = useVeto(artifact, onClose);
  const kind = veto ? 'lift' : 'veto';
  return (
    <ReasonDialog
      open
      onOpenChange={onClose}
      title={t(`${kind}.title`, { name, version })}
      description={veto ? t('lift.description', { by: veto.by, reason: veto.reason }) : t('veto.description')}
      keep={t('keep')}
      tone={veto ? 'primary' : 'danger'}
      action={t(`${kind}.do`, { version })}
      pendingLabel={t(`${kind}.doing`)}
      pending={act.isPending}
      reasonLabel={t('reason')}
      reasonMissing={t('reasonMissing')}
      onConfirm={(reason) => act.mutate({ name, version, reason })}
    >
      {!veto && artifact.runsIn.length > 0 ? (
        <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">
          {t('veto.running', { environments: artifact.runsIn.join(', ') })}
        </p>
      ) : null}
    </ReasonDialog>
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
