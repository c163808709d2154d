'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { PipelineView } from '@/server/domain/views/admin';

/** Takes a pipeline away, after asking. */
export function RemoveButton({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines.remove');
  const [open, setOpen] = useState(false);
  const { application, name } = pipeline;
  const remove = useRemove(pipeline, () => setOpen(false));
  return (
    <>
      <IconButton label={t('button')} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <Dialog open={open} onOpenChange={setOpen}>
        <FormDialogContent
          title={t('title', { pipeline: name })}
          keep={t('keep')}
          tone="danger"
          action={t('do')}
          pendingLabel={t('doing')}
          pending={remove.isPending}
          onSubmit={() => remove.mutate({ application, name })}
        >
          <p className="text-sm">{t('description')}</p>
        </FormDialogContent>
      </Dialog>
    </>
  );
}

function useRemove({ application, name }: PipelineView, onDone: () => void) {
  const t = useTranslations('pipelines.remove');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  return useMutation(
    trpc.pipelines.remove.mutationOptions({
      onSuccess: async () => {
        toast.success(t('done', { pipeline: name }));
        onDone();
        router.push(`/applications/${encodeURIComponent(application)}?tab=pipelines`);
        await cache.invalidateQueries(trpc.pipelines.list.queryFilter({ application }));
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
