'use client';

import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { BoardCell } from '@/components/board/board-cell';
import { CellLine, UnseenLine } from '@/components/board/cell-summary';
import { cellsAt, mergedCell, regionCount, regionsWith } from '@/components/board/columns.view';
import type { BoardRow, BoardCell as Cell, CellVersion } from '@/server/domain/views/board';

interface FoldedCellProps {
  readonly row: BoardRow;
  readonly environment: string;
  readonly index: number;
  readonly column: number;
}

/** All regions that an application has of an environment, as one cell. Its card has them one by one. */
export const FoldedCell = memo(function FoldedCell({ row, environment, index, column }: FoldedCellProps) {
  const t = useTranslations('board');
  const cells = cellsAt(row, { environment, region: null });
  const [first, ...others] = cells;
  if (!first) return null;
  const merged = mergedCell(first, others);
  const count = regionCount(cells);
  const place = count === 1 ? first.region : t('regions', { count });
  // Where each region has all of the versions, their traffic says more.
  const differ = cells.some(({ versions }) => versions.length !== merged.versions.length);
  const share = ({ version }: CellVersion) => t('regions', { count: regionsWith(version, cells) });
  return (
    <BoardCell
      application={row.application}
      cell={merged}
      row={index}
      column={column}
      place={place}
      quiet={place}
      share={differ ? share : undefined}
      details={<Regions environment={environment} cells={cells} />}
    />
  );
});

function Regions({ environment, cells }: { environment: string; cells: readonly Cell[] }) {
  return (
    <div className="flex flex-col gap-2 text-xs">
      <p className="wrap-anywhere font-semibold text-sm">{environment}</p>
      <ul className="scroll-slim flex max-h-72 flex-col gap-1.5 overflow-y-auto">
        {cells.map((cell) => (
          <li key={`${cell.region} ${cell.account}`} className="flex flex-wrap items-start gap-x-3">
            <span className="wrap-anywhere w-28 text-muted leading-5">{cell.region}</span>
            <span className="min-w-0 flex-1">
              <CellLine cell={cell} />
            </span>
            <UnseenLine cell={cell} className="w-full" />
          </li>
        ))}
      </ul>
    </div>
  );
}
