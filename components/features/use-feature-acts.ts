'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';

/** Makes everything that was read of features stale. The stream does so as well, a moment later. */
export function useRefreshFeatures(): () => Promise<void> {
  const trpc = useTRPC();
  const cache = useQueryClient();
  return () => cache.invalidateQueries(trpc.toggles.pathFilter());
}

/** Tells what became of a change: done, with a way back; waiting for review, with the way there; or nothing to do. */
export function useTellOutcome(): (outcome: ToggleChangeOutcome, done: string) => void {
  const t = useTranslations('features');
  const render = useMessage();
  const router = useRouter();
  const undo = useUndo();
  return (outcome, done) => {
    switch (outcome.kind) {
      case 'applied': {
        const { changeId } = outcome;
        toast.success(done, {
          action: { label: t('undo'), onClick: () => undo.mutate({ changeId, reason: '' }) },
        });
        return;
      }
      case 'requested':
        toast.info(render(outcome.sentence), {
          action: {
            label: t('openRequest'),
            onClick: () => router.push(`/features?view=requests&request=${outcome.requestId}`),
          },
        });
        return;
      case 'unchanged':
        toast.info(t('unchanged'));
        return;
      default: {
        const unreachable: never = outcome;
        return unreachable;
      }
    }
  };
}

/** Takes a change back. */
export function useUndo() {
  const t = useTranslations('features');
  const render = useMessage();
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.undo.mutationOptions({
      onSuccess: async (outcome) => {
        if (outcome.kind === 'requested') toast.info(render(outcome.sentence));
        else toast.success(t('undone'));
        await refresh();
      },
      onError: (error) => toast.error(t('undoFailed'), { description: error.message }),
    }),
  );
}
