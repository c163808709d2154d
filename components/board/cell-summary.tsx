'use client';

import { Pin } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { type CellState, cellState, totalOf } from '@/components/board/board.view';
import { Shape } from '@/components/status/shape';
import { HEALTH_LOOK, type StateLook } from '@/components/status/status.view';
import { VersionTag } from '@/components/status/version-tag';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import { TONE_INK } from '@/components/ui/tone';
import type { BoardCell } from '@/server/domain/views/board';

const EMPTY: Pick<StateLook<string>, 'shape' | 'tone'> = { shape: 'dash', tone: 'off' };

export function lookOf(state: CellState): Pick<StateLook<string>, 'shape' | 'tone'> {
  return state === 'empty' || state === 'idle' ? EMPTY : HEALTH_LOOK[state];
}

/** The cell in one sentence, for the name of its link. */
export function useCellSummary(): (cell: BoardCell) => string {
  const t = useTranslations('board');
  const words = useTranslations('status');
  return (cell) => {
    const state = cellState(cell);
    if (state === 'empty') return t('never');
    if (state === 'idle') return t('noTraffic');
    const versions = cell.versions.map(({ version }) => version).join(', ');
    const pinned = cell.pin ? `, ${t('pinned', { version: cell.pin.version })}` : '';
    return `${versions} ${words(HEALTH_LOOK[state].messageKey)}${pinned}`;
  };
}

/** Whether saying how many are healthy tells more than the mark. */
export function isIll(state: CellState): boolean {
  return state !== 'healthy' && state !== 'unknown' && state !== 'empty' && state !== 'idle';
}

/** Versions in their colours, state, age: the first line of a cell. */
export function CellLine({ cell, withCount = true }: { cell: BoardCell; withCount?: boolean }) {
  const t = useTranslations('board');
  const state = cellState(cell);
  const look = lookOf(state);
  const total = totalOf(cell.health);
  if (state === 'empty') return <span className="text-faint text-xs">– {t('never')}</span>;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {state === 'idle' ? <span className="truncate text-muted text-xs">{t('noTraffic')}</span> : null}
      {cell.versions.slice(0, 2).map(({ version, traffic }) => (
        <span key={version} className="inline-flex max-w-32 shrink-0 items-center gap-1">
          <VersionTag version={version} />
          {cell.versions.length > 1 ? (
            <span className="text-2xs text-muted">{Math.round(traffic * 100)} %</span>
          ) : null}
        </span>
      ))}
      <Shape name={look.shape} tone={look.tone} />
      {withCount && isIll(state) && total > 0 ? (
        <span className={cn('text-xs', TONE_INK[look.tone])}>
          {t('healthyOf', { healthy: cell.health.healthy, total })}
        </span>
      ) : null}
      {cell.deployedAt ? (
        <RelativeTime at={cell.deployedAt} compact className="min-w-0 truncate text-muted text-xs" />
      ) : null}
      {cell.pin ? <Pin aria-hidden className="size-3 shrink-0 fill-current text-caution-ink" /> : null}
    </span>
  );
}

/** Since when a cell cannot be seen; nothing where it can. */
export function UnseenLine({ cell, className }: { cell: BoardCell; className?: string }) {
  const t = useTranslations('board');
  const { stale, seenAt } = cell;
  if (stale === null) return null;
  return (
    <span className={cn('truncate text-danger-ink text-xs', className)}>
      {seenAt === null
        ? t('stale')
        : t.rich('staleFor', { time: () => <RelativeTime at={seenAt} compact /> })}
    </span>
  );
}
