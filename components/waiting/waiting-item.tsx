'use client';

import { ChevronDown, ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useExecutionName } from '@/components/executions/use-execution-name';
import { EvidenceCard } from '@/components/gates/evidence-card';
import { Shape } from '@/components/status/shape';
import { VersionTag } from '@/components/status/version-tag';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { WaitingGate } from '@/server/domain/views/board';

interface WaitingItemProps {
  readonly gate: WaitingGate;
  readonly initiallyOpen: boolean;
}

/** One gate as a line; its evidence card opens below. */
export function WaitingItem({ gate, initiallyOpen }: WaitingItemProps) {
  const t = useTranslations('waiting');
  const gates = useTranslations('gates');
  const name = useExecutionName();
  const id = useId();
  const [open, setOpen] = useState(initiallyOpen);
  return (
    <div className="rounded-lg border bg-surface">
      <div className="flex items-center gap-2 pr-2">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex min-h-12 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 rounded-lg px-4 py-2 text-left"
        >
          <ChevronDown
            aria-hidden
            className={cn(
              'size-4 shrink-0 text-muted transition-transform duration-150',
              !open && '-rotate-90',
            )}
          />
          <Shape name="triangle" tone="caution" />
          <span className="min-w-0 truncate font-semibold">{name(gate)}</span>
          {gate.version ? <VersionTag version={gate.version} /> : null}
          {gate.environment ? <span className="text-sm">{gate.environment}</span> : null}
          <span className="text-muted text-sm">
            {gates.rich('waitingSince', { time: () => <RelativeTime compact at={gate.since} /> })}
          </span>
        </button>
        <Button asChild variant="ghost" size="sm">
          <Link href={`/executions/${gate.executionId}?stage=${encodeURIComponent(gate.refId)}`}>
            <ExternalLink aria-hidden />
            <span className="max-sm:sr-only">{t('open')}</span>
          </Link>
        </Button>
      </div>
      <div id={id} hidden={!open}>
        {open ? (
          <EvidenceCard
            executionId={gate.executionId}
            refId={gate.refId}
            className="rounded-t-none border-x-0 border-b-0"
          />
        ) : null}
      </div>
    </div>
  );
}
