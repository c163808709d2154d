'use client';

import { useExecutionName } from '@/components/executions/use-execution-name';
import { cn } from '@/components/ui/cn';
import type { ExecutionSummary } from '@/server/domain/views/execution';

interface ExecutionNameProps {
  readonly execution: Pick<ExecutionSummary, 'application' | 'pipeline' | 'ramp'>;
  /** What it says beside the application; the pipeline when absent. */
  readonly place?: string | undefined;
  readonly className?: string;
}

/** So many characters are never cut off: a dot in their place would gain nothing. */
const SHORT = 12;

/** An execution's name in one line. A long one is cut in its middle: what comes last tells it from the others. */
export function ExecutionName({ execution, place, className }: ExecutionNameProps) {
  const name = useExecutionName();
  const { application, pipeline, ramp } = execution;
  if (ramp) {
    return (
      <span title={name(execution)} className={cn('block truncate', className)}>
        {name(execution)}
      </span>
    );
  }
  const last = place ?? pipeline;
  return (
    <span title={`${application} · ${last}`} className={cn('flex min-w-0', className)}>
      <span className={cn('truncate', application.length > SHORT ? 'min-w-[8ch] shrink-[4]' : 'shrink-0')}>
        {application}
      </span>
      <span className="min-w-0 overflow-hidden text-ellipsis whitespace-pre">{` · ${last}`}</span>
    </span>
  );
}
