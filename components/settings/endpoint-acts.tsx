'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { MutationButton } from '@/components/ui/mutation-button';
import type { EndpointView } from '@/server/domain/views/automation';

interface EndpointActProps {
  readonly endpoint: EndpointView;
  readonly may: boolean;
}

/** Sends a message that changes nothing, so that the receiver can be tried. */
export function EndpointTest({ endpoint, may }: EndpointActProps) {
  const t = useTranslations('settings.notifications');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const test = useMutation(
    trpc.notifications.sendTest.mutationOptions({
      onSuccess: async () => {
        toast.success(t('tested', { name: endpoint.name }));
        await cache.invalidateQueries(trpc.notifications.pathFilter());
      },
      onError: (error) => toast.error(t('testFailed'), { description: error.message }),
    }),
  );
  return (
    <MutationButton
      size="sm"
      pending={test.isPending}
      pendingLabel={t('testing')}
      disabled={!may || endpoint.disabled}
      title={may ? (endpoint.disabled ? t('testOff') : undefined) : t('notAllowed')}
      onClick={() => test.mutate({ name: endpoint.name })}
    >
      {t('test')}
    </MutationButton>
  );
}

/** Turns an endpoint off or on. */
export function EndpointSwitch({ endpoint, may }: EndpointActProps) {
  const t = useTranslations('settings.notifications');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { name, disabled } = endpoint;
  const turn = useMutation(
    trpc.notifications.setEnabled.mutationOptions({
      onSuccess: async () => {
        toast.success(t(disabled ? 'turnedOn' : 'turnedOff', { name }));
        await cache.invalidateQueries(trpc.notifications.pathFilter());
      },
      onError: (error) => toast.error(t('turnFailed'), { description: error.message }),
    }),
  );
  return (
    <MutationButton
      size="sm"
      pending={turn.isPending}
      pendingLabel={t('turning')}
      disabled={!may}
      title={may ? undefined : t('notAllowed')}
      onClick={() => turn.mutate({ name, enabled: disabled })}
    >
      {t(disabled ? 'turnOn' : 'turnOff')}
    </MutationButton>
  );
}
