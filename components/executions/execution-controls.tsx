'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { CancelDialog } from '@/components/executions/cancel-dialog';
import { controlsOf, hasDelivered, hasPipeline } from '@/components/executions/execution.view';
import { RunAgain } from '@/components/executions/run-again';
import { useMay } from '@/components/nav/use-me';
import { RollbackEverywhereButton } from '@/components/rollback/everywhere-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { MutationButton } from '@/components/ui/mutation-button';
import { isComplete } from '@/server/domain/status';
import type { ExecutionView } from '@/server/domain/views/execution';

/** Pause or resume, and cancel: always in the same places, disabled with the reason when they cannot be used. */
export function ExecutionControls({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions.controls');
  const mayControl = useMay('execution.control');
  const [canceling, setCanceling] = useState(false);
  const hold = useHold(execution.id);
  const [first, cancel] = controlsOf(execution, mayControl);
  if (!first || !cancel) return null;
  const resumes = first.action === 'resume';
  const title = (why: typeof first.why) => (why === null ? undefined : t(`why.${why}`));
  return (
    <div role="group" aria-label={t('label')} className="flex flex-wrap items-center gap-2">
      <MutationButton
        pending={hold.pending}
        pendingLabel={t(resumes ? 'resuming' : 'pausing')}
        disabled={!first.enabled}
        title={title(first.why)}
        onClick={() => hold.run(resumes ? 'resume' : 'pause')}
      >
        {resumes ? <Play aria-hidden /> : <Pause aria-hidden />}
        {t(first.action)}
      </MutationButton>
      {hasDelivered(execution) ? <RollbackEverywhereButton target={{ executionId: execution.id }} /> : null}
      {isComplete(execution.status) && hasPipeline(execution) ? <RunAgain execution={execution} /> : null}
      <Button
        variant="dangerOutline"
        disabled={!cancel.enabled}
        title={title(cancel.why)}
        onClick={() => setCanceling(true)}
      >
        <Ban aria-hidden />
        {t(cancel.why === 'canceling' ? 'canceling' : 'cancel')}
      </Button>
      <CancelDialog execution={execution} open={canceling} onOpenChange={setCanceling} />
    </div>
  );
}

function useHold(id: string) {
  const t = useTranslations('executions.controls');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const after = (said: string) => ({
    onSuccess: async () => {
      toast.success(said);
      await cache.invalidateQueries(trpc.executions.get.queryFilter({ id }));
    },
    onError: (error: { message: string }) => toast.error(t('failed'), { description: error.message }),
  });
  const pause = useMutation(trpc.executions.pause.mutationOptions(after(t('paused'))));
  const resume = useMutation(trpc.executions.resume.mutationOptions(after(t('resumed'))));
  return {
    pending: pause.isPending || resume.isPending,
    run: (action: 'pause' | 'resume') => (action === 'pause' ? pause : resume).mutate({ id }),
  };
}
