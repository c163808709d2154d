'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { TextDiff } from '@/components/features/text-diff';
import { useDraftOutcome } from '@/components/features/use-draft-outcome';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import { ErrorLine } from '@/components/ui/error-line';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleChangeView, ToggleView } from '@/server/domain/views/toggles';

interface UndoDialogProps {
  readonly feature: ToggleView;
  readonly change: ToggleChangeView;
  readonly onClose: () => void;
}

/** Asks before a change is taken back, and says what is served from then on. */
export function UndoDialog({ feature, change, onClose }: UndoDialogProps) {
  const t = useTranslations('features.undoing');
  const common = useTranslations('features');
  const render = useMessage();
  const undo = useUndo(onClose);
  const { id, environment, before, after, changes } = change;
  const requiresReview = feature.environments.some(
    (one) => one.environment === environment && one.requiresReview,
  );
  return (
    <ReasonDialog
      open
      onOpenChange={onClose}
      title={t('title', { what: changes.map(render).join(' · ') })}
      description={environment === null ? t('details') : t('place', { environment })}
      action={requiresReview ? common('switch.ask') : t('do')}
      pendingLabel={common('saving')}
      pending={undo.isPending}
      reasonLabel={common('reason')}
      reasonHint={common('reasonHint')}
      onConfirm={(reason) => undo.mutate({ changeId: id, reason })}
    >
      {environment === null ? null : before === null ? (
        <p className="text-sm">{t('takenOut', { environment })}</p>
      ) : (
        // Written by the services, as a definition where there is an environment.
        <Served feature={feature} environment={environment} definition={before as ToggleDefinition} />
      )}
      {requiresReview && environment !== null ? (
        <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">
          {common('switch.review', { environment })}
        </p>
      ) : null}
      <details className="text-sm">
        <summary className="cursor-pointer text-muted">{common('editor.difference')}</summary>
        <TextDiff before={after} after={before} />
      </details>
      <ErrorLine error={undo.error} />
    </ReasonDialog>
  );
}

interface ServedProps {
  readonly feature: ToggleView;
  readonly environment: string;
  readonly definition: ToggleDefinition;
}

function Served({ feature, environment, definition }: ServedProps) {
  const t = useTranslations('features.undoing');
  const render = useMessage();
  const { serving } = useDraftOutcome({ key: feature.key, environment, definition });
  return (
    <p role="status" className="min-h-5 text-sm">
      {serving ? (
        <>
          <span className="text-muted">{t('then')} </span>
          {render(serving.sentence)}
        </>
      ) : null}
    </p>
  );
}

function useUndo(onDone: () => void) {
  const t = useTranslations('features');
  const render = useMessage();
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.undo.mutationOptions({
      onSuccess: async (outcome) => {
        if (outcome.kind === 'requested') toast.info(render(outcome.sentence));
        else toast.success(t('undone'));
        onDone();
        await refresh();
      },
    }),
  );
}
