'use client';

import Link from 'next/link';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { WaitingGate } from '@/server/domain/views/board';

/** Gates of one application; those the reader may judge stand out. */
export function WaitingGates({ gates, className }: { gates: readonly WaitingGate[]; className?: string }) {
  const render = useMessage();
  return (
    <span className={cn('flex min-w-0 flex-col items-start gap-1', className)}>
      {gates.slice(0, 2).map((gate) => (
        <Link
          key={`${gate.executionId} ${gate.refId}`}
          href={`/executions/${gate.executionId}?stage=${encodeURIComponent(gate.refId)}`}
          title={render(gate.stageName)}
          prefetch={false}
          className={cn(
            'inline-flex h-5 max-w-full items-center gap-1.5 rounded-sm px-1.5 font-medium text-xs hover:underline',
            gate.mine ? 'bg-caution-soft text-caution-ink' : 'text-muted',
          )}
        >
          <Shape name="triangle" tone="caution" className="size-2.5" />
          <span className="truncate">{render(gate.stageName)}</span>
          <RelativeTime at={gate.since} compact className="whitespace-nowrap font-normal" />
        </Link>
      ))}
      {gates.length > 2 ? <span className="px-1.5 text-muted text-xs">+{gates.length - 2}</span> : null}
    </span>
  );
}
