'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { ShareBar } from '@/components/features/share-bar';
import { useDraftOutcome } from '@/components/features/use-draft-outcome';
import { useRefreshFeatures, useTellOutcome } from '@/components/features/use-feature-acts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import { ErrorLine } from '@/components/ui/error-line';
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
      <ServedThen toggle={feature.key} environment={environment.environment} on={on} />
      {environment.requiresReview ? (
        <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">{t('review', names)}</p>
      ) : null}
      <ErrorLine error={mutation.error} />
    </ReasonDialog>
  );
}

/** What people would get with the switch moved; the rules behind it are read for that. */
function ServedThen({ toggle, environment, on }: { toggle: string; environment: string; on: boolean }) {
  const t = useTranslations('features.switch');
  const render = useMessage();
  const trpc = useTRPC();
  const feature = useQuery(trpc.toggles.get.queryOptions({ key: toggle })).data;
  const stands = feature?.environments.find((one) => one.environment === environment)?.definition;
  const definition = useMemo(() => (stands ? { ...stands, on } : null), [stands, on]);
  const { serving } = useDraftOutcome({ key: toggle, environment, definition });
  return (
    <div role="status" className="flex min-h-5 flex-col gap-2 text-sm">
      {serving ? (
        <p>
          <span className="text-muted">{t('then')} </span>
          {render(serving.sentence)}
        </p>
      ) : null}
      {serving?.shares && serving.shares.length > 1 ? <ShareBar shares={serving.shares} /> : null}
    </div>
  );
}
