'use client';

import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import type { Trigger } from '@/server/domain/execution';

/** Who started it and by which door. */
export function TriggerText({ trigger, className }: { trigger: Trigger; className?: string }) {
  const t = useTranslations('executions.facts');
  return (
    <span title={trigger.note ?? undefined} className={cn('inline-flex min-w-0 max-w-full gap-1', className)}>
      <span className="truncate">{trigger.by}</span>
      <span className="shrink-0 text-muted">{t(`via.${trigger.kind}`)}</span>
    </span>
  );
}
