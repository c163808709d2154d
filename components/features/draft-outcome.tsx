'use client';

import { useTranslations } from 'use-intl';
import { ShareBar } from '@/components/features/share-bar';
import type { useDraftOutcome } from '@/components/features/use-draft-outcome';
import { useMessage } from '@/components/i18n/provider';

interface DraftOutcomeProps {
  readonly outcome: ReturnType<typeof useDraftOutcome>;
  readonly isDirty: boolean;
}

/** What the draft would serve once saved, or why it cannot be. */
export function DraftOutcome({ outcome, isDirty }: DraftOutcomeProps) {
  const t = useTranslations('features.editor');
  const render = useMessage();
  const { serving, problem } = outcome;
  if (problem !== null) {
    return (
      <p role="alert" className="mx-4 mb-3 rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm">
        {problem}
      </p>
    );
  }
  if (!serving || !isDirty) return null;
  return (
    <div role="status" className="mx-4 mb-3 flex flex-col gap-2 rounded-md bg-accent-soft px-3 py-2 text-sm">
      <p>
        <span className="font-medium text-accent-ink">{t('then')} </span>
        {render(serving.sentence)}
      </p>
      {serving.shares && serving.shares.length > 1 ? <ShareBar shares={serving.shares} /> : null}
    </div>
  );
}
