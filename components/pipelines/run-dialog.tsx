'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { RunForm } from '@/components/pipelines/run-form';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import type { PipelineView } from '@/server/domain/views/admin';

interface RunDialogProps {
  readonly pipeline: PipelineView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks for what a pipeline needs, and starts it. */
export function RunDialog({ pipeline, open, onOpenChange }: RunDialogProps) {
  const t = useTranslations('pipelines.run');
  const { application, name, definition } = pipeline;
  const start = useRun(name, () => onOpenChange(false));
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? (
        <RunForm
          application={application}
          definition={definition}
          needsArtifact={pipeline.needsArtifact}
          title={t('title', { pipeline: name })}
          description={definition.description || t('description', { application })}
          submitLabel={t('do')}
          pending={start.isPending}
          onSubmit={(request) => start.mutate({ application, pipeline: name, ...request })}
        />
      ) : null}
    </Dialog>
  );
}

function useRun(pipeline: string, onDone: () => void) {
  const t = useTranslations('pipelines.run');
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.executions.start.mutationOptions({
      onSuccess: ({ executionId }) => {
        toast.success(t('started', { pipeline }));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
