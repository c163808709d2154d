'use client';

import Link from 'next/link';
import { HoverCard } from 'radix-ui';
import { type KeyboardEvent, memo } from 'react';
import { useTranslations } from 'use-intl';
import { ActivityLink } from '@/components/board/activity-link';
import { cellHref, cellState, totalOf } from '@/components/board/board.view';
import { CellDetails } from '@/components/board/cell-details';
import { CellLine, isIll, lookOf, UnseenLine, useCellSummary } from '@/components/board/cell-summary';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { BoardCell as Cell } from '@/server/domain/views/board';

interface BoardCellProps {
  readonly application: string;
  readonly cell: Cell;
  /** The cell one environment to the left. */
  readonly before: Cell | null;
  /** How many more cells share this place (another account). */
  readonly more: number;
  readonly row: number;
  readonly column: number;
}

/** One place of one application. The whole cell leads to its cluster; `d` and `r` act on it. */
export const BoardCell = memo(function BoardCell({
  application,
  cell,
  before,
  more,
  row,
  column,
}: BoardCellProps) {
  const t = useTranslations('board');
  const summary = useCellSummary()(cell);
  const onKeyDown = useCellKeys(application, cell);
  const { environment, region } = cell;
  return (
    <HoverCard.Root openDelay={350} closeDelay={80}>
      <div
        className={cn(
          'relative flex h-full min-w-0 flex-col justify-center gap-0.5 px-3',
          cell.stale !== null && 'opacity-80',
        )}
      >
        <HoverCard.Trigger asChild>
          <Link
            href={cellHref(application, cell)}
            aria-label={t('cellLabel', { application, environment, region, summary })}
            data-row={row}
            data-column={column}
            onKeyDown={onKeyDown}
            prefetch={false}
            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
          >
            {/* Below it is room for the count, unless an execution is told there. */}
            <CellLine cell={cell} withCount={cell.activity !== null} />
          </Link>
        </HoverCard.Trigger>
        <SecondLine cell={cell} more={more} />
      </div>
      <HoverCard.Portal container={mainLandmark()}>
        <HoverCard.Content
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-30 w-80 animate-in rounded-lg border bg-surface p-4 shadow-lift"
        >
          <CellDetails cell={cell} before={before} />
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
});

/** What is going on, else what is wrong, else who brought it. */
function SecondLine({ cell, more }: { cell: Cell; more: number }) {
  const t = useTranslations('board');
  return (
    <span className="flex h-4 min-w-0 items-center gap-1.5 text-xs">
      {cell.activity ? <ActivityLink activity={cell.activity} /> : <QuietLine cell={cell} />}
      {more > 0 ? <span className="ml-auto text-faint">{t('moreCells', { count: more })}</span> : null}
    </span>
  );
}

function QuietLine({ cell }: { cell: Cell }) {
  const t = useTranslations('board');
  const state = cellState(cell);
  const total = totalOf(cell.health);
  if (cell.stale !== null) return <UnseenLine cell={cell} />;
  if (isIll(state) && total > 0) {
    return (
      <span className={cn('truncate', TONE_INK[lookOf(state).tone])}>
        {t('healthyOfLong', { healthy: cell.health.healthy, total })}
      </span>
    );
  }
  if (!cell.deployedBy || cell.versions.length === 0) return null;
  return (
    <span className="truncate text-faint" title={cell.deployedBy}>
      {t('by', { name: cell.deployedBy })}
    </span>
  );
}

/** Inside the main landmark, where screen readers look for what belongs to the page. */
function mainLandmark(): HTMLElement | undefined {
  return typeof document === 'undefined' ? undefined : (document.querySelector('main') ?? undefined);
}

function useCellKeys(application: string, cell: Cell) {
  const actions = useActions();
  const deploy = useMay('execution.start');
  const rollBack = useMay('cluster.rollback');
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'd' && deploy) actions.deploy(application, cell.environment);
    else if (event.key === 'r' && rollBack) actions.rollBack(application, cell.cluster, cell.account);
    else return;
    event.preventDefault();
  };
}
