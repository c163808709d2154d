'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { BoardLine } from '@/components/board/board.view';
import { RegionCell } from '@/components/board/board-cell';
import { BoardHeader } from '@/components/board/board-header';
import { type BoardColumn, columnGroupsOf, columnsOf } from '@/components/board/columns.view';
import { FoldedCell } from '@/components/board/folded-cell';
import { useGridKeys } from '@/components/board/use-grid-keys';
import { useRoom } from '@/components/board/use-room';
import { WaitingGates } from '@/components/board/waiting-gates';
import { cn } from '@/components/ui/cn';
import { moreAtTheEdge } from '@/components/ui/more-at-the-edge';
import type { BoardRow } from '@/server/domain/views/board';

/** At the least: a row with a canary in it has more lines. */
const ROW_PX = 56;
const OWNER_PX = 32;
/** As narrow as it gets, which it is when there is more than fits. */
const NAME_COLUMN = '8.5rem';
/** Both ends: names, and what waits. */
const BESIDE_REM = 17;
/** Of a place: two versions with their shares, or one with its age and a pin, stand in it side by side. */
const PLACE_REM = 10;
/** Rows drawn outside the visible part, so that a fast scroll shows no gap. */
const OVERSCAN = 8;

interface BoardGridProps {
  readonly environments: readonly string[];
  readonly rows: readonly BoardRow[];
  /** The rows as they are drawn. */
  readonly lines: readonly BoardLine[];
  /** Environments that are to be seen by region in any case. */
  readonly unfolded: readonly string[];
  /** Folds an environment, or unfolds it. */
  readonly onFold: (environment: string) => void;
}

/** The board as a table. Only the rows in view exist in the page. */
export function BoardGrid({ environments, rows, lines, unfolded, onFold }: BoardGridProps) {
  const t = useTranslations('board');
  const scroller = useRef<HTMLElement>(null);
  const room = useRoom({ container: scroller, besideRem: BESIDE_REM, columnRem: PLACE_REM });
  const groups = useMemo(
    () => columnGroupsOf(environments, rows, room, unfolded),
    [environments, rows, room, unfolded],
  );
  const columns = useMemo(() => columnsOf(groups), [groups]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'owner' ? OWNER_PX : ROW_PX),
    getItemKey: useCallback((index: number) => lineKey(lines[index]), [lines]),
    overscan: OVERSCAN,
  });
  const reveal = useCallback(
    (row: number) =>
      virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.index === row)),
    [virtual, lines],
  );
  useGridKeys({ container: scroller, rows: rows.length, columns: columns.length + 1, reveal });
  // The smallest widths add up to the minimum below.
  const template = `minmax(${NAME_COLUMN}, 13rem) repeat(${columns.length}, minmax(${PLACE_REM}rem, 1fr)) minmax(8.5rem, 14rem)`;

  return (
    <section
      ref={scroller}
      aria-label={t('label')}
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="scroll-slim relative max-h-[calc(100dvh-11rem)] overflow-auto rounded-lg border"
      style={moreAtTheEdge(NAME_COLUMN)}
    >
      <div
        role="table"
        aria-label={t('label')}
        aria-rowcount={lines.length + 2}
        style={{ minWidth: `${BESIDE_REM + columns.length * PLACE_REM}rem` }}
      >
        <div role="rowgroup" className="sticky top-0 z-20">
          <BoardHeader groups={groups} template={template} nameColumn={NAME_COLUMN} onFold={onFold} />
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="row"
                aria-rowindex={item.index + 3}
                className={cn(
                  'absolute inset-x-0 grid',
                  item.index < lines.length - 1 && 'border-b',
                  line.kind === 'row' ? 'group hover:bg-canvas' : 'bg-canvas',
                )}
                style={{
                  top: item.start,
                  minHeight: line.kind === 'owner' ? OWNER_PX : ROW_PX,
                  gridTemplateColumns: template,
                }}
              >
                {line.kind === 'owner' ? (
                  <OwnerHeading owner={line.owner} count={line.count} />
                ) : (
                  <RowCells row={line.row} index={line.index} environments={environments} columns={columns} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

/** By what a line is of and not by where it stands, so that its height goes with it. */
function lineKey(line: BoardLine | undefined): string {
  if (line === undefined) return '';
  return line.kind === 'owner' ? `owner ${line.owner}` : `row ${line.row.application}`;
}

function OwnerHeading({ owner, count }: { owner: string; count: number }) {
  const t = useTranslations('board');
  return (
    <div role="cell" className="sticky left-0 flex items-center gap-2 px-3 font-semibold text-xs">
      <span className="truncate">{owner || t('noOwner')}</span>
      <span className="font-normal text-muted">{count}</span>
    </div>
  );
}

interface RowCellsProps {
  readonly row: BoardRow;
  readonly index: number;
  readonly environments: readonly string[];
  readonly columns: readonly BoardColumn[];
}

function RowCells({ row, index, environments, columns }: RowCellsProps) {
  const { application } = row;
  return (
    <>
      <div
        role="rowheader"
        className="sticky left-0 z-10 flex min-w-0 flex-col justify-center border-r bg-surface px-3 py-2 group-hover:bg-canvas"
      >
        <Link
          href={`/applications/${encodeURIComponent(application)}`}
          title={application}
          data-row={index}
          data-column={0}
          prefetch={false}
          className="wrap-anywhere line-clamp-2 rounded-sm font-semibold text-sm/5 hover:underline"
        >
          {application}
        </Link>
        {row.owner ? (
          <span className="truncate text-faint text-xs" title={row.owner}>
            {row.owner}
          </span>
        ) : null}
      </div>
      {columns.map((column, position) => {
        const { environment, region } = column;
        const opens = position > 0 && columns[position - 1]?.environment !== environment;
        const place = { row, environment, index, column: position + 1 };
        return (
          <div
            key={`${environment} ${region ?? ''}`}
            role="cell"
            className={cn('grid min-w-0', opens && 'border-l')}
          >
            {region === null ? (
              <FoldedCell {...place} />
            ) : (
              <RegionCell {...place} environments={environments} region={region} />
            )}
          </div>
        );
      })}
      <div role="cell" className="flex min-w-0 items-center border-l px-2 py-2">
        {row.waiting.length > 0 ? (
          <WaitingGates gates={row.waiting} />
        ) : (
          <span aria-hidden className="px-1.5 text-faint">
            –
          </span>
        )}
      </div>
    </>
  );
}
