'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FastForward, ListRestart, TimerOff } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { type StageAct, stageActs } from '@/components/executions/execution.view';
import { useMessage } from '@/components/i18n/provider';
import { useMe } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { Permission } from '@/server/domain/roles';
import type { ExecutionView, StageView } from '@/server/domain/views/execution';

const ACTS: Readonly<
  Record<StageAct, { readonly Icon: typeof ListRestart; readonly permission: Permission }>
> = {
  restart: { Icon: ListRestart, permission: 'execution.control' },
  skip: { Icon: FastForward, permission: 'stage.skip' },
  startNow: { Icon: TimerOff, permission: 'window.override' },
};

interface StageActsProps {
  readonly execution: ExecutionView;
  readonly stage: StageView;
}

/** Restart from here, skip, start outside the window: those that make sense now, each asked about first. */
export function StageActs({ execution, stage }: StageActsProps) {
  const t = useTranslations('executions.acts');
  const granted = useMe().data?.permissions;
  const [asking, setAsking] = useState<StageAct | null>(null);
  const acts = stageActs(execution, stage);
  if (acts.length === 0) return null;
  return (
    <div role="group" aria-label={t('label')} className="flex flex-wrap gap-2">
      {acts.map((act) => {
        const { Icon, permission } = ACTS[act];
        const may = granted?.includes(permission) ?? false;
        return (
          <Button
            key={act}
            size="sm"
            disabled={!may}
            title={may ? undefined : t('notAllowed', { permission })}
            onClick={() => setAsking(act)}
          >
            <Icon aria-hidden />
            {t(`${act}.button`)}
          </Button>
        );
      })}
      {asking ? (
        <ActDialog act={asking} execution={execution} stage={stage} onClose={() => setAsking(null)} />
      ) : null}
    </div>
  );
}

interface ActDialogProps extends StageActsProps {
  readonly act: StageAct;
  readonly onClose: () => void;
}

function ActDialog({ act, execution, stage, onClose }: ActDialogProps) {
  const t = useTranslations('executions.acts');
  const say = useMessage();
  const name = say(stage.name);
  const run = useAct(act, name, execution.id, onClose);
  const mustSay = act === 'startNow';
  return (
    <ReasonDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t(`${act}.title`, { name })}
      description={t(`${act}.description`)}
      action={t(`${act}.do`)}
      pendingLabel={t(`${act}.doing`)}
      pending={run.isPending}
      reasonLabel={t(mustSay ? 'reason' : 'reasonOptional')}
      reasonHint={t('reasonHint')}
      reasonMissing={mustSay ? t('reasonMissing') : undefined}
      onConfirm={(reason) => run.mutate({ executionId: execution.id, refId: stage.refId, reason })}
    />
  );
}

function useAct(act: StageAct, name: string, id: string, onDone: () => void) {
  const t = useTranslations('executions.acts');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const after = {
    onSuccess: async () => {
      toast.success(t(`${act}.done`, { name }));
      onDone();
      await Promise.all([
        cache.invalidateQueries(trpc.executions.get.queryFilter({ id })),
        cache.invalidateQueries(trpc.executions.getStage.queryFilter({ executionId: id })),
      ]);
    },
    onError: (error: { message: string }) => toast.error(t('failed'), { description: error.message }),
  };
  const restart = useMutation(trpc.executions.restartStage.mutationOptions(after));
  const skip = useMutation(trpc.executions.skipStage.mutationOptions(after));
  const startNow = useMutation(trpc.executions.overrideWindow.mutationOptions(after));
  return { restart, skip, startNow }[act];
}
