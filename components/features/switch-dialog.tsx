'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useRefreshFeatures, useTellOutcome } from '@/components/features/use-feature-acts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { ToggleEnvironmentSummary } from '@/server/domain/views/toggles';

interface SwitchDialogProps {
  readonly feature: { readonly key: string; readonly name: string };
  readonly environment: ToggleEnvironmentSummary;
  readonly onClose: () => void;
}

/** Asks before the switch of an environment is moved, and says what is served until then. */
export function SwitchDialog({ feature, environment, onClose }: SwitchDialogProps) {
  const t = useTranslations('features.switch');
  const common = useTranslations('features');
  const render = useMessage();
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const tell = useTellOutcome(feature.key);
  const on = !environment.on;
  const names = { name: feature.name, environment: environment.environment };
  const mutation = useMutation(
    trpc.toggles.setOn.mutationOptions({
      onSuccess: async (outcome) => {
        tell(outcome, on ? t('isOn', names) : t('isOff', names));
        onClose();
        await refresh();
      },
    }),
  );
  return (
    <ReasonDialog
      open
      onOpenChange={onClose}
      title={on ? t('onTitle', names) : t('offTitle', names)}
      description={on ? t('onText') : t('offText')}
      action={environment.requiresReview ? t('ask') : on ? t('on') : t('off')}
      pendingLabel={common('saving')}
      pending={mutation.isPending}
      reasonLabel={common('reason')}
      reasonHint={common('reasonHint')}
      onConfirm={(reason) =>
        mutation.mutate({
          key: feature.key,
          environment: environment.environment,
          on,
          revision: environment.revision,
          reason,
        })
      }
    >
      <p className="text-sm">
        <span className="text-muted">{t('now')} </span>
        {render(environment.sentence)}
      </p>
      {environment.requiresReview ? (
        <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">{t('review', names)}</p>
      ) : null}
      {mutation.error ? (
        <p role="alert" className="text-danger-ink text-sm">
          {mutation.error.message}
        </p>
      ) : null}
    </ReasonDialog>
  );
}
