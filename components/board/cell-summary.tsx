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
import type { BoardCell, CellVersion } from '@/server/domain/views/board';

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

/** More take traffic at once only while something goes wrong. */
const VERSIONS_SHOWN = 3;

interface CellLineProps {
  readonly cell: BoardCell;
  readonly withCount?: boolean;
  /** What is said beside each of several versions; its traffic where nothing else is asked for. */
  readonly share?: ((version: CellVersion) => string) | undefined;
}

/** Versions in their colours, one a line, beside them state and age; below where there is no room beside. */
export function CellLine({ cell, withCount = true, share = percentage }: CellLineProps) {
  const t = useTranslations('board');
  const state = cellState(cell);
  const look = lookOf(state);
  const total = totalOf(cell.health);
  const several = cell.versions.length > 1;
  if (state === 'empty') return <span className="text-faint text-xs">– {t('never')}</span>;
  return (
    <span className="flex min-w-0 flex-wrap items-start gap-x-1.5 gap-y-0.5">
      {state === 'idle' ? <span className="text-muted text-xs/5">{t('noTraffic')}</span> : null}
      {cell.versions.length > 0 ? (
        <span className="flex min-w-0 max-w-full flex-col gap-0.5">
          {cell.versions.slice(0, VERSIONS_SHOWN).map((version) => (
            <span key={version.version} className="flex min-w-0 items-center gap-1">
              <VersionTag version={version.version} />
              {several ? (
                <span className="shrink-0 whitespace-nowrap text-2xs text-muted">{share(version)}</span>
              ) : null}
            </span>
          ))}
          {cell.versions.length > VERSIONS_SHOWN ? (
            <span className="text-2xs text-muted">
              {t('moreCells', { count: cell.versions.length - VERSIONS_SHOWN })}
            </span>
          ) : null}
        </span>
      ) : null}
      <span className="inline-flex h-5 shrink-0 items-center gap-1.5 whitespace-nowrap text-xs">
        <Shape name={look.shape} tone={look.tone} />
        {withCount && isIll(state) && total > 0 ? (
          <span className={TONE_INK[look.tone]}>
            {t('healthyOf', { healthy: cell.health.healthy, total })}
          </span>
        ) : null}
        {cell.deployedAt ? <RelativeTime at={cell.deployedAt} compact className="text-muted" /> : null}
        {cell.pin ? <Pin aria-hidden className="size-3 fill-current text-caution-ink" /> : null}
      </span>
    </span>
  );
}

function percentage({ traffic }: CellVersion): string {
  return `${Math.round(traffic * 100)} %`;
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
