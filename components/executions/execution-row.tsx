'use client';

import Link from 'next/link';
import { type CSSProperties, memo } from 'react';
import { spanOf } from '@/components/executions/execution.view';
import { ExecutionName } from '@/components/executions/execution-name';
import { TriggerText } from '@/components/executions/trigger-text';
import { StatusBadge } from '@/components/status/status-badge';
import { VersionTag } from '@/components/status/version-tag';
import { Duration, RelativeTime } from '@/components/ui/time';
import type { ExecutionSummary } from '@/server/domain/views/execution';

interface ExecutionRowProps {
  readonly execution: ExecutionSummary;
  readonly position: number;
  /** -1 while the end of the list is unknown. */
  readonly total: number;
  readonly style: CSSProperties;
}

/** One execution of a list; the whole row leads to it. */
function Row({ execution, position, total, style }: ExecutionRowProps) {
  const span = spanOf(execution);
  return (
    <div
      role="listitem"
      aria-posinset={position}
      aria-setsize={total}
      className="absolute inset-x-0 top-0"
      style={style}
    >
      <Link
        href={`/executions/${execution.id}`}
        className="grid h-full grid-cols-[1fr_auto] items-center gap-x-4 border-b px-4 hover:bg-sunken focus-visible:outline-offset-[-2px] md:grid-cols-[9.5rem_minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1.1fr)_5.5rem_5rem]"
      >
        <span className="order-last justify-self-end md:order-none md:justify-self-start">
          <StatusBadge status={execution.status} waitingForPerson={execution.waitingForPerson} />
        </span>
        <span className="flex min-w-0 flex-col">
          <ExecutionName execution={execution} className="font-medium text-sm" />
          <span className="flex items-center gap-1.5 truncate text-muted text-xs md:hidden">
            {execution.version ? (
              <VersionTag size="sm" version={execution.version} className="max-w-40 shrink-0" />
            ) : null}
            {execution.environment}
            <RelativeTime at={execution.createdAt} />
          </span>
        </span>
        <span className="hidden min-w-0 items-center gap-2 md:flex">
          {execution.version ? (
            <VersionTag version={execution.version} className="max-w-40 shrink-0" />
          ) : null}
          <span className="truncate text-sm">{execution.environment ?? execution.ramp?.environment}</span>
        </span>
        <TriggerText trigger={execution.trigger} className="hidden text-sm md:inline-flex" />
        <RelativeTime
          at={execution.createdAt}
          className="hidden whitespace-nowrap text-muted text-sm md:inline"
        />
        <span className="hidden whitespace-nowrap text-right text-muted text-sm md:inline">
          {span ? <Duration {...span} /> : null}
        </span>
      </Link>
    </div>
  );
}

export const ExecutionRow = memo(Row);
