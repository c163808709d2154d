'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { EXECUTION_LOOK, executionState } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { CellActivity } from '@/server/domain/views/board';

/** "↻ deploying 1.1.0" or "▲ waiting for a person", leading to the execution. */
export function ActivityLink({ activity, className }: { activity: CellActivity; className?: string }) {
  const look = EXECUTION_LOOK[executionState(activity.status, activity.waitingFor === 'person')];
  const text = useActivityText()(activity);
  return (
    <Link
      href={`/executions/${activity.executionId}`}
      title={text}
      className={cn(
        'relative inline-flex min-w-0 items-center gap-1 rounded-sm font-medium text-xs hover:underline',
        TONE_INK[look.tone],
        className,
      )}
    >
      <Shape name={look.shape} tone={look.tone} className="size-2.5" />
      <span className="truncate">{text}</span>
    </Link>
  );
}

/** What an execution is doing to a cell, in a few words. */
export function useActivityText(): (activity: CellActivity) => string {
  const t = useTranslations('board');
  return ({ status, version, waitingFor }) => {
    if (waitingFor === 'person') return t('waitingPerson');
    if (version === null) return t('moving');
    if (status === 'paused') return t('paused', { version });
    if (status === 'pending') return t('pending', { version });
    return waitingFor === 'time' ? t('waitingTime', { version }) : t('deploying', { version });
  };
}
