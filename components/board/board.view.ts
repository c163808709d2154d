import { worstHealth } from '@/components/status/status.view';
import type { InstanceHealth } from '@/server/domain/inventory';
import type { AccountFreshness } from '@/server/domain/views/application';
import type { BoardCell, BoardRow, HealthCount } from '@/server/domain/views/board';

export interface BoardFilter {
  /** Words that must all occur in name, owner, versions or environments with them. */
  readonly search: string;
  readonly owner: string | null;
  readonly attention: boolean;
}

/** The cell to compare with: one environment to the left, in the same region where it is there. */
export function cellBefore(
  row: BoardRow,
  environments: readonly string[],
  cell: BoardCell,
): BoardCell | null {
  const index = environments.indexOf(cell.environment);
  for (let i = index - 1; i >= 0; i--) {
    const candidates = row.cells.filter((each) => each.environment === environments[i]);
    const found = candidates.find((each) => each.region === cell.region) ?? candidates[0];
    if (found) return found;
  }
  return null;
}

export function totalOf(health: HealthCount): number {
  return Object.values(health).reduce((sum, count) => sum + count, 0);
}

/**
 * How a cell stands. `empty` has never had anything; `idle` has no version that takes traffic; the
 * others are the worst health among what it has, `unknown` when the account cannot be seen.
 */
export type CellState = InstanceHealth | 'empty' | 'idle';

export function cellState(cell: BoardCell): CellState {
  if (cell.stale !== null) return 'unknown';
  if (cell.versions.length === 0)
    return cell.deployedAt === null && totalOf(cell.health) === 0 ? 'empty' : 'idle';
  return worstHealth(cell.health) ?? 'unknown';
}

const QUIET: readonly CellState[] = ['healthy', 'empty'];

/** Accounts with cells that cannot be seen now. */
export function unseenAccounts(rows: readonly BoardRow[]): Omit<AccountFreshness, 'provider'>[] {
  const unseen = rows
    .flatMap((row) => row.cells)
    .filter((cell) => cell.stale !== null)
    .map(
      ({ account, seenAt, stale, staleCause }) =>
        [account, { account, seenAt, error: stale, cause: staleCause }] as const,
    );
  return [...new Map(unseen).values()];
}

/** The rows with what was found of their accounts since. Rows that this leaves alone stay the same. */
export function withLosses(
  rows: readonly BoardRow[],
  accounts: readonly AccountFreshness[] | undefined,
): readonly BoardRow[] {
  const lost = new Map(
    (accounts ?? []).filter(({ error }) => error !== null).map((one) => [one.account, one]),
  );
  if (lost.size === 0) return rows;
  return rows.map((row) => {
    if (!row.cells.some((cell) => lost.has(cell.account))) return row;
    const cells = row.cells.map((cell) => {
      const found = lost.get(cell.account);
      const isNews = found && cell.stale === null && (found.seenAt ?? '') >= (cell.seenAt ?? '');
      return isNews ? { ...cell, seenAt: found.seenAt, stale: found.error, staleCause: found.cause } : cell;
    });
    return { ...row, cells };
  });
}

export interface BoardTotals {
  readonly healthy: number;
  /** Instances that are down, unhealthy or unknown to their platform. */
  readonly ill: number;
  /** Instances of accounts that cannot be seen: how they are now, nobody knows. */
  readonly unseen: number;
  /** Executions at work. */
  readonly moving: number;
  readonly waiting: number;
}

/** The whole board in a few numbers. */
export function totalsOf(rows: readonly BoardRow[]): BoardTotals {
  const cells = rows.flatMap((row) => row.cells);
  const seen = cells.filter(({ stale }) => stale === null);
  const moving = cells.flatMap(({ activity }) =>
    activity && activity.waitingFor !== 'person' ? [activity] : [],
  );
  return {
    healthy: seen.reduce((sum, { health }) => sum + health.healthy, 0),
    unseen: cells.filter(({ stale }) => stale !== null).reduce((sum, { health }) => sum + totalOf(health), 0),
    ill: seen.reduce((sum, { health }) => sum + health.unhealthy + health.down + health.unknown, 0),
    moving: new Set(moving.map(({ executionId }) => executionId)).size,
    waiting: rows.reduce((sum, row) => sum + row.waiting.length, 0),
  };
}

/** Whether a person should look: something waits, moves, is ill, unseen or pinned. */
export function needsAttention(row: BoardRow): boolean {
  return (
    row.waiting.length > 0 ||
    row.cells.some((cell) => cell.activity !== null || cell.pin !== null || !QUIET.includes(cellState(cell)))
  );
}

export function filterRows(rows: readonly BoardRow[], filter: BoardFilter): BoardRow[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (filter.owner !== null && row.owner !== filter.owner) return false;
    if (filter.attention && !needsAttention(row)) return false;
    if (words.length === 0) return true;
    const text = searchable(row);
    return words.every((word) => text.includes(word));
  });
}

function searchable(row: BoardRow): string {
  const versions = row.cells.flatMap((cell) => cell.versions.map(({ version }) => version));
  return [row.application, row.owner, ...versions].join(' ').toLowerCase();
}

export type BoardLine =
  | { readonly kind: 'owner'; readonly owner: string; readonly count: number }
  | { readonly kind: 'row'; readonly row: BoardRow; readonly index: number };

/** Lines to draw: rows, under a heading per owner when grouped. `index` counts rows only. */
export function linesOf(rows: readonly BoardRow[], grouped: boolean): BoardLine[] {
  if (!grouped) return rows.map((row, index) => ({ kind: 'row', row, index }));
  const byOwner = new Map<string, BoardRow[]>();
  for (const row of rows) byOwner.set(row.owner, [...(byOwner.get(row.owner) ?? []), row]);
  let index = 0;
  return [...byOwner]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([owner, group]): BoardLine[] => [
      { kind: 'owner', owner, count: group.length },
      ...group.map((row): BoardLine => ({ kind: 'row', row, index: index++ })),
    ]);
}

export function ownersOf(rows: readonly BoardRow[]): string[] {
  return [...new Set(rows.map((row) => row.owner))].filter(Boolean).sort((a, b) => a.localeCompare(b));
}

/** Address of a cell: the cluster on its application's page. */
export function cellHref(application: string, cell: Pick<BoardCell, 'cluster' | 'region'>): string {
  const query = new URLSearchParams({ cluster: cell.cluster, region: cell.region });
  return `/applications/${encodeURIComponent(application)}?${query.toString()}`;
}

export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** Where a key moves the focus, within bounds; null for a key that moves nothing. */
export function movedFocus(
  from: GridPlace | null,
  key: string,
  size: { readonly rows: number; readonly columns: number },
): GridPlace | null {
  const step = STEPS[key];
  if (!step || size.rows === 0) return null;
  if (!from) return key === 'j' ? { row: 0, column: 0 } : null;
  return {
    row: Math.min(size.rows - 1, Math.max(0, from.row + step[0])),
    column: Math.min(size.columns - 1, Math.max(0, from.column + step[1])),
  };
}

/**
 * Which of a row's columns takes the focus that was to go to a certain one: a row may have no cell there. The nearest
 * to the left, but going right the next one that there is, so that no gap holds it up.
 */
export function reachedColumn(columns: readonly number[], wanted: number, key: string): number | undefined {
  const next = key === 'ArrowRight' ? columns.find((column) => column >= wanted) : undefined;
  return next ?? columns.findLast((column) => column <= wanted) ?? columns[0];
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  j: [1, 0],
  k: [-1, 0],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};
