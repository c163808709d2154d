'use client';

import Link from 'next/link';
import { HoverCard } from 'radix-ui';
import { type KeyboardEvent, memo, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ActivityLink } from '@/components/board/activity-link';
import { cellBefore, cellHref, cellState, totalOf } from '@/components/board/board.view';
import { CellDetails } from '@/components/board/cell-details';
import { CellLine, isIll, lookOf, UnseenLine, useCellSummary } from '@/components/board/cell-summary';
import { cellsAt } from '@/components/board/columns.view';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { BoardRow, BoardCell as Cell, CellVersion } from '@/server/domain/views/board';

interface BoardCellProps {
  readonly application: string;
  readonly cell: Cell;
  readonly row: number;
  readonly column: number;
  /** Where in its environment it is, in words. */
  readonly place: string;
  /** What its second line says while there is no news; who brought the version when absent. */
  readonly quiet?: string;
  /** What is said beside each of several versions; its traffic when absent. */
  readonly share?: ((version: CellVersion) => string) | undefined;
  /** How many more cells share this place (another account). */
  readonly more?: number;
  /** What the card shows that opens on it. */
  readonly details: ReactNode;
}

/** One place of one application. The whole cell leads to its cluster; `d` and `r` act on it. */
export function BoardCell({
  application,
  cell,
  row,
  column,
  place,
  quiet,
  share,
  more = 0,
  details,
}: BoardCellProps) {
  const t = useTranslations('board');
  const summary = useCellSummary()(cell);
  const onKeyDown = useCellKeys(application, cell);
  const { environment } = cell;
  return (
    <HoverCard.Root openDelay={350} closeDelay={80}>
      <div
        className={cn(
          'relative flex min-w-0 flex-col justify-center gap-0.5 px-2.5 py-2',
          cell.stale !== null && 'opacity-80',
        )}
      >
        <HoverCard.Trigger asChild>
          <Link
            href={cellHref(application, cell)}
            aria-label={t('cellLabel', { application, environment, region: place, summary })}
            data-row={row}
            data-column={column}
            onKeyDown={onKeyDown}
            prefetch={false}
            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
          >
            {/* Below it is room for the count, unless an execution is told there. */}
            <CellLine cell={cell} withCount={cell.activity !== null} share={share} />
          </Link>
        </HoverCard.Trigger>
        <SecondLine cell={cell} quiet={quiet} more={more} />
      </div>
      <HoverCard.Portal container={mainLandmark()}>
        <HoverCard.Content
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-30 w-80 animate-in rounded-lg border bg-surface p-4 shadow-lift"
        >
          {details}
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}

interface RegionCellProps {
  readonly row: BoardRow;
  readonly environments: readonly string[];
  readonly environment: string;
  readonly region: string;
  readonly index: number;
  readonly column: number;
}

/** What an application has in one region. */
export const RegionCell = memo(function RegionCell({
  row,
  environments,
  environment,
  region,
  index,
  column,
}: RegionCellProps) {
  const [cell, ...others] = cellsAt(row, { environment, region });
  if (!cell) return null;
  return (
    <BoardCell
      application={row.application}
      cell={cell}
      row={index}
      column={column}
      place={region}
      more={others.length}
      details={<CellDetails cell={cell} before={cellBefore(row, environments, cell)} />}
    />
  );
});

/** What is going on, else what is wrong, else what is quiet. */
function SecondLine({ cell, quiet, more }: { cell: Cell; quiet: string | undefined; more: number }) {
  const t = useTranslations('board');
  return (
    <span className="flex h-4 min-w-0 items-center gap-1.5 text-xs">
      {cell.activity ? <ActivityLink activity={cell.activity} /> : <QuietLine cell={cell} quiet={quiet} />}
      {more > 0 ? <span className="ml-auto text-faint">{t('moreCells', { count: more })}</span> : null}
    </span>
  );
}

function QuietLine({ cell, quiet }: { cell: Cell; quiet: string | undefined }) {
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
  if (quiet !== undefined) {
    return (
      <span className="truncate text-muted" title={quiet}>
        {quiet}
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
