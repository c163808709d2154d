'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { countByStatus } from '@/components/executions/execution.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import type { ExecutionView } from '@/server/domain/views/execution';

interface CancelDialogProps {
  readonly execution: ExecutionView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Says in numbers what canceling ends, and what it does not undo. */
export function CancelDialog({ execution, open, onOpenChange }: CancelDialogProps) {
  const t = useTranslations('executions.controls');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [reason, setReason] = useState('');
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
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('confirm.title')}
        description={t('confirm.description', {
          application: execution.application,
          pipeline: execution.pipeline,
        })}
        footer={
          <>
            <DialogClose asChild>
              <Button>{t('confirm.keep')}</Button>
            </DialogClose>
            <MutationButton
              variant="danger"
              pending={cancel.isPending}
              pendingLabel={t('canceling')}
              onClick={() => cancel.mutate({ id: execution.id, reason: reason.trim() || undefined })}
            >
              {t('confirm.do')}
            </MutationButton>
          </>
        }
      >
        <div className="flex flex-col gap-3 text-sm">
          <p>
            {t('confirm.stages', {
              running: (counts.get('running') ?? 0) + (counts.get('paused') ?? 0),
              pending: counts.get('pending') ?? 0,
            })}
          </p>
          <p className="text-muted">{t('confirm.traffic')}</p>
          <Field label={t('confirm.reason')} hint={t('confirm.reasonHint')}>
            {(control) => (
              <Input
                {...control}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
                maxLength={1000}
              />
            )}
          </Field>
        </div>
      </DialogContent>
    </Dialog>
  );
}
