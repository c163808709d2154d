'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { EXECUTION_LOOK, executionState } from '@/components/status/status.view';
import { RelativeTime, useExactTime } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';
import type { ExecutionSummary } from '@/server/domain/views/execution';

/** How the last executions ended, newest first; each leads to its page. */
export function RecentMarks({ recent }: { recent: readonly ExecutionSummary[] }) {
  const t = useTranslations('pipelines');
  const status = useTranslations('status');
  const exact = useExactTime();
  if (recent.length === 0) return <span className="text-muted text-sm">{t('never')}</span>;
  return (
    <ul aria-label={t('recent')} className="flex items-center gap-0.5">
      {recent.slice(0, 8).map((execution) => {
        const look = EXECUTION_LOOK[executionState(execution.status, execution.waitingForPerson)];
        const word = status(look.messageKey);
        return (
          <li key={execution.id}>
            <Tooltip
              content={t.rich('execution', {
                status: word,
                version: execution.version ?? '–',
                time: () => <RelativeTime at={execution.createdAt} />,
              })}
            >
              <Link
                href={`/executions/${execution.id}`}
                aria-label={t.markup('execution', {
                  status: word,
                  version: execution.version ?? '–',
                  time: () => exact(execution.createdAt),
                })}
                className="inline-flex size-6 items-center justify-center rounded-md hover:bg-sunken"
              >
                <Shape name={look.shape} tone={look.tone} />
              </Link>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
