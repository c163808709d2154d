'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { httpStatus } from '@/components/trpc/client';
import { useTRPC } from '@/components/trpc/trpc';
import type { CanaryConfig } from '@/server/domain/canary';
import type { CanaryConfigView } from '@/server/domain/views/canary';

export interface SavedState {
  readonly config: CanaryConfig;
  readonly source: string;
  readonly revision: number;
}

interface SaveOptions {
  readonly application: string;
  /** Under which it is saved already; null for a new one. */
  readonly name: string | null;
  /** The one that was begun at; null for a new one. */
  readonly revision: number | null;
  readonly onSaved: (saved: SavedState) => void;
}

/** Someone else was faster: what they saved, and how the service says it. */
export interface ConfigConflict {
  readonly theirs: CanaryConfigView;
  readonly sentence: string;
}

/** Saves a configuration on top of the revision that it began at. */
export function useConfigSave({ application, name, revision, onSaved }: SaveOptions) {
  const t = useTranslations('workbench');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [conflict, setConflict] = useState<ConfigConflict | null>(null);
  const mutation = useMutation(trpc.canaryConfigs.save.mutationOptions());

  const save = async (config: CanaryConfig, source: string, over = revision): Promise<void> => {
    if (mutation.isPending) return;
    const asked = { application, name: name ?? config.name };
    try {
      const saved = await mutation.mutateAsync({ ...asked, source, config, revision: over });
      setConflict(null);
      toast.success(t('saved', { name: asked.name }));
      onSaved({ config, source, revision: saved.revision });
      await cache.invalidateQueries(trpc.canaryConfigs.pathFilter());
    } catch (error) {
      const sentence = error instanceof Error ? error.message : '';
      if (httpStatus(error) === 409 && name !== null) {
        const theirs = await cache
          .fetchQuery({ ...trpc.canaryConfigs.get.queryOptions(asked), staleTime: 0 })
          .catch(() => null);
        if (theirs) return setConflict({ theirs, sentence });
      }
      toast.error(t('saveFailed'), { description: sentence });
    }
  };
  return { save, isSaving: mutation.isPending, conflict, forget: () => setConflict(null) };
}
