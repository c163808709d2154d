'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { featureHref } from '@/components/features/features.view';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';

/** Makes everything that was read of features stale. The stream does so as well, a moment later. */
export function useRefreshFeatures(): () => Promise<void> {
  const trpc = useTRPC();
  const cache = useQueryClient();
  return () => cache.invalidateQueries(trpc.toggles.pathFilter());
}

/** Where a change is taken back, with the question asked already. */
export function undoHref(key: string, changeId: string): string {
  return `${featureHref(key)}?tab=history&undo=${changeId}`;
}

/** Tells what became of a change: done, with a way back; waiting for review, with the way there; or nothing to do. */
export function useTellOutcome(key: string): (outcome: ToggleChangeOutcome, done: string) => void {
  const t = useTranslations('features');
  const render = useMessage();
  const router = useRouter();
  return (outcome, done) => {
    switch (outcome.kind) {
      case 'applied': {
        const { changeId } = outcome;
        toast.success(done, {
          action: { label: t('undo'), onClick: () => router.push(undoHref(key, changeId)) },
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
