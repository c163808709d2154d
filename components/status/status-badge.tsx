'use client';

import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { EXECUTION_LOOK, executionState, HEALTH_LOOK } from '@/components/status/status.view';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { InstanceHealth } from '@/server/domain/inventory';
import type { Status } from '@/server/domain/status';

interface StatusProps {
  readonly status: Status;
  /** Whether a person is what it waits for; shown instead of "running". */
  readonly waitingForPerson?: boolean;
  readonly className?: string;
}

/** Shape, word and colour of an execution's or stage's status, on a soft ground. */
export function StatusBadge({ status, waitingForPerson = false, className }: StatusProps) {
  const t = useTranslations('status');
  const look = EXECUTION_LOOK[executionState(status, waitingForPerson)];
  return (
    <Badge tone={look.tone} className={className}>
      <Shape name={look.shape} className="size-2.5" />
      {t(look.messageKey)}
    </Badge>
  );
}

/** The same without ground, for lists; `iconOnly` keeps the word for screen readers and the tooltip. */
export function StatusMark({
  status,
  waitingForPerson = false,
  iconOnly = false,
  className,
}: StatusProps & { readonly iconOnly?: boolean }) {
  const t = useTranslations('status');
  const look = EXECUTION_LOOK[executionState(status, waitingForPerson)];
  const word = t(look.messageKey);
  return (
    <span
      title={iconOnly ? word : undefined}
      className={cn('inline-flex items-center gap-1.5 text-sm', TONE_INK[look.tone], className)}
    >
      <Shape name={look.shape} tone={look.tone} />
      <span className={iconOnly ? 'sr-only' : undefined}>{word}</span>
    </span>
  );
}

/** Health as its shape; the word is there for screen readers and on hover, or beside it with `withWord`. */
export function HealthIcon({
  health,
  withWord = false,
  className,
}: {
  readonly health: InstanceHealth;
  readonly withWord?: boolean;
  readonly className?: string;
}) {
  const t = useTranslations('status');
  const look = HEALTH_LOOK[health];
  const word = t(look.messageKey);
  return (
    <span
      title={withWord ? undefined : word}
      className={cn('inline-flex items-center gap-1.5', TONE_INK[look.tone], className)}
    >
      <Shape name={look.shape} tone={look.tone} />
      <span className={withWord ? undefined : 'sr-only'}>{word}</span>
    </span>
  );
}
