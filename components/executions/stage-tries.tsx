'use client';

import { useTranslations } from 'use-intl';
import { StatusMark } from '@/components/status/status-badge';
import { Button } from '@/components/ui/button';
import type { ExecutionView, StageView } from '@/server/domain/views/execution';

interface StageTriesProps {
  readonly execution: ExecutionView;
  readonly stage: StageView;
  /** Which try is read; null for the current one. */
  readonly chosen: number | null;
  readonly onChoose: (number: number | null) => void;
}

/** The tries of a stage that was done again, to be read one at a time. */
export function StageTries({ execution, stage, chosen, onChoose }: StageTriesProps) {
  const t = useTranslations('executions.tries');
  const earlier = execution.tries.filter((one) => one.refId === stage.refId);
  if (earlier.length === 0) return null;
  const all = [
    ...earlier.map(({ try: number, status }) => ({ number, status, now: false })),
    { number: stage.try, status: stage.status, now: true },
  ];
  const current = chosen ?? stage.try;
  return (
    <div role="group" aria-label={t('label')} className="flex flex-wrap gap-1.5">
      {all.map(({ number, status, now }) => (
        <Button
          key={number}
          size="sm"
          variant={number === current ? 'secondary' : 'ghost'}
          aria-pressed={number === current}
          onClick={() => onChoose(now ? null : number)}
        >
          <StatusMark iconOnly status={status} />
          {t(now ? 'now' : 'earlier', { number })}
        </Button>
      ))}
    </div>
  );
}
