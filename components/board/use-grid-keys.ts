'use client';

import { type RefObject, useEffect } from 'react';
import { type GridPlace, movedFocus } from '@/components/board/board.view';
import { keysBelongElsewhere } from '@/components/nav/shortcuts';

interface GridKeysOptions {
  readonly container: RefObject<HTMLElement | null>;
  readonly rows: number;
  readonly columns: number;
  /** Brings a row into the page: a virtualised row far away does not exist yet. */
  readonly reveal: (row: number) => void;
}

/**
 * `j`/`k` anywhere on the page and arrows inside the grid move the focus between cells marked with
 * `data-row` and `data-column`.
 */
export function useGridKeys({ container, rows, columns, reveal }: GridKeysOptions): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const grid = container.current;
      if (!grid || keysBelongElsewhere(event)) return;
      const to = movedFocus(placeOf(document.activeElement, grid), event.key, { rows, columns });
      if (!to) return;
      event.preventDefault();
      reveal(to.row);
      focusWhenThere(grid, to);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [container, rows, columns, reveal]);
}

function placeOf(element: Element | null, grid: HTMLElement): GridPlace | null {
  if (!(element instanceof HTMLElement) || !grid.contains(element)) return null;
  const { row, column } = element.dataset;
  return row !== undefined && column !== undefined ? { row: Number(row), column: Number(column) } : null;
}

/** Frames to wait for the virtualiser to draw a row it was asked to reveal. */
const PATIENCE = 5;

function focusWhenThere(grid: HTMLElement, place: GridPlace, patience = PATIENCE): void {
  const inRow = [...grid.querySelectorAll<HTMLElement>(`[data-row="${place.row}"]`)];
  if (inRow.length === 0) {
    if (patience > 0) requestAnimationFrame(() => focusWhenThere(grid, place, patience - 1));
    return;
  }
  // A row may have no cell in this column: the nearest to the left takes the focus.
  const target = inRow.filter((cell) => Number(cell.dataset['column']) <= place.column).at(-1) ?? inRow[0];
  target?.focus({ preventScroll: false });
}
