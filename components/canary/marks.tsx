'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { SideColours, SideName } from '@/components/canary/sides.view';
import { ANALYSIS_LOOK, LABEL_LOOK, VERDICT_LOOK } from '@/components/canary/verdict.view';
import { Shape } from '@/components/status/shape';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { AnalysisStatus } from '@/server/domain/analysis';
import type { JudgementLabel, MetricVerdict } from '@/server/domain/canary';

/** Shape, word and colour of how an analysis stands. */
export function AnalysisBadge({ status, className }: { status: AnalysisStatus; className?: string }) {
  const t = useTranslations('canary');
  const look = ANALYSIS_LOOK[status];
  return (
    <Badge tone={look.tone} className={className}>
      <Shape name={look.shape} className="size-2.5" />
      {t(look.messageKey)}
    </Badge>
  );
}

/** What one look said. */
export function LabelBadge({ label }: { label: JudgementLabel }) {
  const t = useTranslations('canary');
  const look = LABEL_LOOK[label];
  return (
    <Badge tone={look.tone}>
      <Shape name={look.shape} className="size-2.5" />
      {t(look.messageKey)}
    </Badge>
  );
}

interface VerdictMarkProps {
  readonly verdict: MetricVerdict;
  /** It does not count: its verdict is told without a colour. */
  readonly muted?: boolean;
  readonly className?: string;
}

/** The verdict on one metric. */
export function VerdictMark({ verdict, muted = false, className }: VerdictMarkProps) {
  const t = useTranslations('canary');
  const look = VERDICT_LOOK[verdict];
  const tone = muted ? 'off' : look.tone;
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 whitespace-nowrap font-medium text-xs',
        TONE_INK[tone],
        className,
      )}
    >
      <Shape name={look.shape} tone={tone} />
      {t(look.messageKey)}
    </span>
  );
}

/** How each side is drawn; the baseline is dashed, so that the two differ without colour. */
export const DASHES: Readonly<Record<SideName, string | undefined>> = { baseline: '5 3', canary: undefined };

/** A piece of the line as which a side is drawn. */
export function SideLine({ side, colours }: { side: SideName; colours: SideColours }) {
  return (
    <svg aria-hidden viewBox="0 0 20 8" className={cn('h-2 w-5 shrink-0', colours[side])}>
      <path d="M0 4h20" stroke="var(--version)" strokeWidth="2" strokeDasharray={DASHES[side]} />
    </svg>
  );
}

interface SideNameProps {
  readonly side: SideName;
  readonly colours: SideColours;
  readonly children?: ReactNode;
}

/** A side's line with its name. */
export function SideLabel({ side, colours, children }: SideNameProps) {
  const t = useTranslations('canary.side');
  return (
    <span className="inline-flex items-center gap-1.5">
      <SideLine side={side} colours={colours} />
      {t(side)}
      {children}
    </span>
  );
}
