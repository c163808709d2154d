'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { type GridPlace, movedFocus, reachedColumn } from '@/components/board/board.view';
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
  // Where the focus is going while its row is still being drawn; keys in the meantime go on from there.
  const target = useRef<GridPlace | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const grid = container.current;
      if (!grid || keysBelongElsewhere(event)) return;
      const from = target.current ?? placeOf(document.activeElement, grid);
      const to = movedFocus(from, event.key, { rows, columns });
      if (!to) return;
      event.preventDefault();
      target.current = to;
      reveal(to.row);
      focusWhenThere(grid, to, event.key, target);
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

function focusWhenThere(
  grid: HTMLElement,
  place: GridPlace,
  key: string,
  target: RefObject<GridPlace | null>,
  patience = PATIENCE,
): void {
  // A later key has set another target.
  if (target.current !== place) return;
  const inRow = [...grid.querySelectorAll<HTMLElement>(`[data-row="${place.row}"]`)];
  if (inRow.length === 0 && patience > 0) {
    requestAnimationFrame(() => focusWhenThere(grid, place, key, target, patience - 1));
    return;
  }
  target.current = null;
  const column = reachedColumn(
    inRow.map((each) => Number(each.dataset.column)),
    place.column,
    key,
  );
  inRow.find((each) => Number(each.dataset.column) === column)?.focus();
}
