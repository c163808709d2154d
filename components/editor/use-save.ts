'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import type { Draft } from '@/components/editor/draft.view';
import { httpStatus } from '@/components/trpc/client';
import { useTRPC } from '@/components/trpc/trpc';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import type { PipelineView } from '@/server/domain/views/admin';

interface SaveOptions {
  readonly application: string;
  /** The saved one that the draft began at; null for a new pipeline. */
  readonly revision: number | null;
  readonly onSaved: (draft: Draft, revision: number) => void;
}

/** Saves a draft on top of the revision it began at. When someone else was faster, `theirs` is what they saved. */
export function useSave({ application, revision, onSaved }: SaveOptions) {
  const t = useTranslations('editor');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [theirs, setTheirs] = useState<PipelineView | null>(null);
  const mutation = useMutation(trpc.pipelines.import.mutationOptions());

  const save = async (draft: Draft, over = revision): Promise<void> => {
    const definition = pipelineDefinitionSchema.safeParse(draft);
    // The check has said why already.
    if (!definition.success || mutation.isPending) return;
    try {
      const saved = await mutation.mutateAsync({
        application,
        definition: definition.data,
        expectedRevision: over ?? 0,
      });
      setTheirs(null);
      onSaved(draft, saved.revision);
      await cache.invalidateQueries(trpc.pipelines.pathFilter());
    } catch (error) {
      if (httpStatus(error) === 409 && revision !== null) {
        const asked = { application, name: definition.data.name };
        setTheirs(await cache.fetchQuery({ ...trpc.pipelines.get.queryOptions(asked), staleTime: 0 }));
      } else
        toast.error(t('saveFailed'), { description: error instanceof Error ? error.message : undefined });
    }
  };
  return { save, isSaving: mutation.isPending, theirs, forgetTheirs: () => setTheirs(null) };
}
