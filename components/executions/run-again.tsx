'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { RunForm } from '@/components/pipelines/run-form';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ExecutionView } from '@/server/domain/views/execution';

/** Starts the pipeline of an ended execution again, with its values filled in. */
export function RunAgain({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions');
  const trpc = useTRPC();
  const may = useMay('execution.start');
  const [open, setOpen] = useState(false);
  const { application, pipeline: name } = execution;
  const pipeline = useQuery(trpc.pipelines.get.queryOptions({ application, name }, { retry: false }));
  const start = useStartAgain(() => setOpen(false));
  const why = may ? (pipeline.isError ? t('again.gone') : undefined) : t('again.notAllowed');
  return (
    <>
      <Button disabled={!may || !pipeline.data} title={why} onClick={() => setOpen(true)}>
        <RotateCw aria-hidden />
        {t('controls.again')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        {open && pipeline.data ? (
          <RunForm
            application={application}
            definition={pipeline.data.definition}
            needsArtifact={pipeline.data.needsArtifact}
            before={execution}
            title={t('again.title', { pipeline: name })}
            description={t('again.description', { revision: pipeline.data.revision })}
            submitLabel={t('again.do')}
            pending={start.isPending}
            onSubmit={(request) =>
              start.mutate({
                id: execution.id,
                parameters: request.parameters,
                artifacts: request.artifacts.length > 0 ? request.artifacts : undefined,
              })
            }
          />
        ) : null}
      </Dialog>
    </>
  );
}

function useStartAgain(onDone: () => void) {
  const t = useTranslations('executions.again');
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.executions.rerun.mutationOptions({
      onSuccess: ({ executionId }) => {
        toast.success(t('started'));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
