'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useCallback, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { type BoardColumn, type BoardLine, cellBefore, cellsAt } from '@/components/board/board.view';
import { BoardCell } from '@/components/board/board-cell';
import { useGridKeys } from '@/components/board/use-grid-keys';
import { WaitingGates } from '@/components/board/waiting-gates';
import { cn } from '@/components/ui/cn';
import { moreAtTheEdge } from '@/components/ui/more-at-the-edge';
import type { BoardRow } from '@/server/domain/views/board';

const ROW_PX = 56;
const OWNER_PX = 32;
/** As narrow as it gets, which it is when there is more than fits. */
const NAME_COLUMN = '8.5rem';
/** Rows drawn outside the visible part, so that a fast scroll shows no gap. */
const OVERSCAN = 8;

interface BoardGridProps {
  readonly environments: readonly string[];
  readonly columns: readonly BoardColumn[];
  readonly lines: readonly BoardLine[];
}

/** The board as a table. Only the rows in view exist in the page. */
export function BoardGrid({ environments, columns, lines }: BoardGridProps) {
  const t = useTranslations('board');
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'owner' ? OWNER_PX : ROW_PX),
    overscan: OVERSCAN,
  });
  const reveal = useCallback(
    (row: number) =>
      virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.index === row)),
    [virtual, lines],
  );
  const rows = lines.filter((line) => line.kind === 'row').length;
  useGridKeys({ container: scroller, rows, columns: columns.length + 1, reveal });
  // The smallest widths add up to the minimum below: 8.5 at both ends, 9.75 for each place.
  const template = `minmax(${NAME_COLUMN}, 13rem) repeat(${columns.length}, minmax(9.75rem, 1fr)) minmax(8.5rem, 14rem)`;

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
        aria-rowcount={lines.length + 1}
        style={{ minWidth: `${17 + columns.length * 9.75}rem` }}
      >
        <div role="rowgroup" className="sticky top-0 z-20">
          <HeaderRow columns={columns} template={template} />
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={cn(
                  'absolute inset-x-0 grid',
                  item.index < lines.length - 1 && 'border-b',
                  line.kind === 'row' ? 'group hover:bg-canvas' : 'bg-canvas',
                )}
                style={{ top: item.start, height: item.size, gridTemplateColumns: template }}
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

function HeaderRow({ columns, template }: { columns: readonly BoardColumn[]; template: string }) {
  const t = useTranslations('board');
  const cell = 'flex h-9 min-w-0 items-center gap-1.5 border-b bg-surface px-3 text-xs';
  return (
    <div role="row" aria-rowindex={1} className="grid" style={{ gridTemplateColumns: template }}>
      <div role="columnheader" className={cn(cell, 'sticky left-0 z-10 border-r text-muted')}>
        {t('application')}
      </div>
      {columns.map(({ environment, region }, index) => (
        <div
          key={`${environment} ${region}`}
          role="columnheader"
          className={cn(cell, columns[index - 1]?.environment !== environment && index > 0 && 'border-l')}
        >
          <span className="truncate font-semibold" title={environment}>
            {environment}
          </span>
          <span aria-hidden className="text-faint">
            ·
          </span>
          <span className="truncate text-muted" title={region}>
            {region}
          </span>
        </div>
      ))}
      <div role="columnheader" className={cn(cell, 'border-l text-muted')}>
        {t('waiting')}
      </div>
    </div>
  );
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
        className="sticky left-0 z-10 flex min-w-0 flex-col justify-center border-r bg-surface px-3 group-hover:bg-canvas"
      >
        <Link
          href={`/applications/${encodeURIComponent(application)}`}
          title={application}
          data-row={index}
          data-column={0}
          prefetch={false}
          className="truncate rounded-sm font-semibold text-sm hover:underline"
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
        const [cell, ...others] = cellsAt(row, column);
        const opens = position > 0 && columns[position - 1]?.environment !== column.environment;
        return (
          <div
            key={`${column.environment} ${column.region}`}
            role="cell"
            className={cn('min-w-0', opens && 'border-l')}
          >
            {cell ? (
              <BoardCell
                application={application}
                cell={cell}
                before={cellBefore(row, environments, cell)}
                more={others.length}
                row={index}
                column={position + 1}
              />
            ) : null}
          </div>
        );
      })}
      <div role="cell" className="flex min-w-0 items-center border-l px-2">
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
