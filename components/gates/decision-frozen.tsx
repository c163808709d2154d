'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { JudgmentView } from '@/server/domain/views/execution';

/** The decision, who made it and when; the evidence above stays as it was then. */
export function DecisionFrozen({ judgment }: { judgment: JudgmentView }) {
  const t = useTranslations('gates.decided');
  const went = judgment.decision === 'continue';
  return (
    <footer
      className={cn('border-t px-4 py-3', went ? 'bg-clear-soft text-clear-ink' : 'bg-off-soft text-off-ink')}
    >
      <p className="flex flex-wrap items-center gap-x-2 font-semibold text-sm">
        <Shape name={went ? 'check' : 'square'} tone={went ? 'clear' : 'off'} />
        {t(judgment.decision)}
        <span className="font-normal">
          {t.rich('by', { by: judgment.by, time: () => <RelativeTime at={judgment.at} /> })}
        </span>
      </p>
      {judgment.input ? <p className="mt-1 text-sm">{t('answer', { input: judgment.input })}</p> : null}
      {judgment.comment ? (
        <blockquote className="mt-1 border-current border-l-2 pl-2 text-sm">{judgment.comment}</blockquote>
      ) : null}
      <p className="mt-1 text-xs">{t('frozen')}</p>
    </footer>
  );
}
