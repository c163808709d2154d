'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { ReasonField } from '@/components/rollback/reason-field';
import { targetVersions } from '@/components/rollback/rollback.view';
import { RollbackImpossible, RollbackPlan } from '@/components/rollback/rollback-plan';
import { RollbackShell } from '@/components/rollback/rollback-shell';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';

interface RollbackDialogProps {
  readonly application: string;
  readonly cluster: string;
  readonly account: string | undefined;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Says in numbers what a rollback would do, then does it with one press and a reason. */
export function RollbackDialog({ open, onOpenChange, ...target }: RollbackDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Content {...target} onDone={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

interface ContentProps {
  readonly application: string;
  readonly cluster: string;
  readonly account: string | undefined;
  readonly onDone: () => void;
}

function Content({ application, cluster, account, onDone }: ContentProps) {
  const t = useTranslations('rollback');
  const trpc = useTRPC();
  const me = useMe().data;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  // Fresh each time: a decision about production must not rest on what the cache remembers.
  const preview = useQuery(
    trpc.rollbacks.preview.queryOptions({ application, cluster, account }, { staleTime: 0, gcTime: 0 }),
  );
  const start = useStart(cluster, onDone);
  const versions = preview.data ? targetVersions(preview.data) : [];
  const possible = preview.data?.possible === true;
  const forbidden = me !== undefined && !me.permissions.includes('cluster.rollback');
  const submit = () => {
    setAsked(true);
    if (reason.trim() !== '') start.mutate({ application, cluster, account, reason: reason.trim() });
  };
  const verb = versions.length > 0 ? t('do', { version: versions.join(', ') }) : t('doPlain');
  return (
    <RollbackShell
      title={t('title', { cluster })}
      description={t('description')}
      preview={preview}
      action={possible ? verb : null}
      pending={start.isPending}
      disabled={forbidden}
      onAct={submit}
      asks={possible && !forbidden ? <ReasonField value={reason} onChange={setReason} asked={asked} /> : null}
    >
      {(shown) =>
        shown.possible ? (
          <div className="flex flex-col gap-4">
            <RollbackPlan preview={shown} />
            {forbidden ? <p className="rounded-md bg-sunken px-3 py-2 text-sm">{t('notAllowed')}</p> : null}
          </div>
        ) : (
          <RollbackImpossible preview={shown} />
        )
      }
    </RollbackShell>
  );
}

function useStart(cluster: string, onDone: () => void) {
  const t = useTranslations('rollback');
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.rollbacks.start.mutationOptions({
      onSuccess: ({ executionId }) => {
        toast.success(t('started', { cluster }));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
