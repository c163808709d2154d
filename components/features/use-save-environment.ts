'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';

/** Adds an environment or changes it, and says what came of it. */
export function useSaveEnvironment(onDone?: () => void) {
  const t = useTranslations('features.environments');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.environments.save.mutationOptions({
      onSuccess: async ({ name }) => {
        toast.success(t('saved', { name }));
        onDone?.();
        await refresh();
      },
      onError: (error) => toast.error(t('saveFailed'), { description: error.message }),
    }),
  );
}
