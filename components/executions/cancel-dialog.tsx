'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { countByStatus } from '@/components/executions/execution.view';
import { useExecutionName } from '@/components/executions/use-execution-name';
import { useTRPC } from '@/components/trpc/trpc';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { ExecutionView } from '@/server/domain/views/execution';

interface CancelDialogProps {
  readonly execution: ExecutionView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Says in numbers what canceling ends, and what it does not undo. */
export function CancelDialog({ execution, open, onOpenChange }: CancelDialogProps) {
  const t = useTranslations('executions.controls');
  const name = useExecutionName();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const cancel = useMutation(
    trpc.executions.cancel.mutationOptions({
      onSuccess: async () => {
        toast.success(t('canceled'));
        onOpenChange(false);
        await cache.invalidateQueries(trpc.executions.get.queryFilter({ id: execution.id }));
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  const parents = new Set(execution.stages.map((stage) => stage.parentRefId));
  const counts = countByStatus(execution.stages.filter((stage) => !parents.has(stage.refId)));
  return (
    <ReasonDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('confirm.title')}
      description={name(execution)}
      keep={t('confirm.keep')}
      tone="danger"
      action={t('confirm.do')}
      pendingLabel={t('canceling')}
      pending={cancel.isPending}
      reasonLabel={t('confirm.reason')}
      reasonHint={t('confirm.reasonHint')}
      onConfirm={(reason) => cancel.mutate({ id: execution.id, reason: reason || undefined })}
    >
      <p className="text-sm">
        {t('confirm.stages', {
          running: (counts.get('running') ?? 0) + (counts.get('paused') ?? 0),
          pending: counts.get('pending') ?? 0,
        })}
      </p>
      <p className="text-muted text-sm">{execution.ramp ? t('confirm.ramp') : t('confirm.traffic')}</p>
    </ReasonDialog>
  );
}
