'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { firstEffect } from '@/components/features/schedule.view';
import { TextDiff } from '@/components/features/text-diff';
import { useZonedTime } from '@/components/features/use-clock-time';
import { useRefreshFeatures, useTellOutcome } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ErrorLine } from '@/components/ui/error-line';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';

interface SaveBarProps {
  readonly feature: ToggleView;
  readonly environment: string;
  readonly definition: ToggleDefinition;
  /** The one at which the draft began. */
  readonly revision: number;
  readonly isDirty: boolean;
  readonly canSave: boolean;
  /** Somebody has saved since the draft began. */
  readonly isOutdated: boolean;
  readonly requiresReview: boolean;
  readonly onAdopt: () => void;
  readonly onDiscard: () => void;
  readonly onDone: () => void;
}

/** Save with a reason, or let it go; and what to do when somebody else was faster. */
export function SaveBar(props: SaveBarProps) {
  const { isDirty, canSave, isOutdated, requiresReview, onAdopt, onDiscard } = props;
  const t = useTranslations('features.editor');
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="sticky bottom-14 z-10 flex flex-wrap items-center gap-2 border-t bg-surface px-4 py-3 md:bottom-0">
      {isOutdated ? (
        <p role="alert" className="flex w-full flex-wrap items-center gap-2 text-caution-ink text-sm">
          {t('outdated')}
          <Button size="sm" onClick={onDiscard}>
            {t('takeTheirs')}
          </Button>
          <Button size="sm" onClick={onAdopt}>
            {t('keepMine')}
          </Button>
        </p>
      ) : null}
      <Button variant="primary" disabled={!isDirty || !canSave || isOutdated} onClick={() => setAsking(true)}>
        {requiresReview ? t('ask') : t('save')}
      </Button>
      <Button disabled={!isDirty} onClick={onDiscard}>
        {t('discard')}
      </Button>
      <span className="text-muted text-sm">{isDirty ? t('unsaved') : t('clean')}</span>
      {isAsking ? <SaveDialog {...props} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function SaveDialog(props: SaveBarProps & { readonly onClose: () => void }) {
  const { feature, environment, definition, revision, requiresReview, onClose, onDone } = props;
  const t = useTranslations('features.editor');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const tell = useTellOutcome(feature.key);
  const before = feature.environments.find((one) => one.environment === environment)?.definition ?? null;
  const later = firstEffect(before, definition);
  const zoned = useZonedTime();
  const save = useMutation(
    trpc.toggles.setDefinition.mutationOptions({
      onSuccess: async (outcome) => {
        tell(outcome, t('saved', { name: feature.name, environment }));
        onClose();
        onDone();
        await refresh();
      },
    }),
  );
  return (
    <ReasonDialog
      open
      onOpenChange={onClose}
      title={t('saveTitle', { name: feature.name, environment })}
      description={
        requiresReview
          ? t('reviewText')
          : later
            ? t('saveTextLater', { at: zoned(later.at, later.timeZone) })
            : t('saveText')
      }
      action={requiresReview ? t('ask') : t('save')}
      pendingLabel={common('saving')}
      pending={save.isPending}
      reasonLabel={common('reason')}
      reasonHint={common('reasonHint')}
      onConfirm={(reason) =>
        // Who moves was said beside the split.
        save.mutate({ key: feature.key, environment, definition, revision, reason, movesPeople: true })
      }
    >
      <details className="text-sm">
        <summary className="cursor-pointer text-muted">{t('difference')}</summary>
        <TextDiff before={before} after={definition} />
      </details>
      <ErrorLine error={save.error} />
    </ReasonDialog>
  );
}
