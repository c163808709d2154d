'use client';

import { useMutation } from '@tanstack/react-query';
import { Gavel } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { thresholdsOf } from '@/components/canary/workbench/config.view';
import { stepOf, type WindowChoice, windowOf } from '@/components/canary/workbench/use-try';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { MutationButton } from '@/components/ui/mutation-button';
import type { ScopePair } from '@/server/domain/analysis';

interface RecordButtonProps {
  readonly scopes: ScopePair | null;
  readonly choice: WindowChoice;
  /** Why it cannot be done; null when it can. */
  readonly blocked: string | null;
}

/** Judges the window as an analysis that is kept, with a report that others can be sent to. */
export function RecordButton({ scopes, choice, blocked }: RecordButtonProps) {
  const t = useTranslations('workbench.record');
  const { application, config, source, name } = useWorkbench();
  const trpc = useTRPC();
  const router = useRouter();
  const may = useMay('execution.start');
  const start = useMutation(
    trpc.analyses.startRetrospective.mutationOptions({
      onSuccess: ({ executionId }) => router.push(`/executions/${encodeURIComponent(executionId)}`),
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  const why = may ? blocked : t('notAllowed');
  return (
    <MutationButton
      pending={start.isPending}
      pendingLabel={t('starting')}
      disabled={why !== null}
      title={why ?? t('hint')}
      onClick={() => {
        const window = windowOf(choice, Date.now());
        if (why !== null || scopes === null || name === null || typeof window === 'string') return;
        const { pass, marginal } = thresholdsOf(config);
        start.mutate({
          application,
          config: name,
          source,
          scopes,
          startMs: window.startMs,
          endMs: window.endMs,
          stepSeconds: stepOf(choice),
          passScore: pass,
          marginalScore: marginal,
        });
      }}
    >
      <Gavel aria-hidden />
      {t('button')}
    </MutationButton>
  );
}
