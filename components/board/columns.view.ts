import type { BoardCell, BoardRow } from '@/server/domain/views/board';

export interface BoardColumn {
  readonly environment: string;
  /** Null where all regions of the environment share one column. */
  readonly region: string | null;
}

/** What the board has of one environment. */
export interface ColumnGroup {
  readonly environment: string;
  readonly regions: readonly string[];
  /** Few applications have these regions, and their columns would push those of the others out of view. */
  readonly foldable: boolean;
  /** Drawn as one column. */
  readonly folded: boolean;
}

interface Use {
  readonly environment: string;
  readonly regions: readonly string[];
  readonly applications: number;
}

/**
 * The environments that the rows need, in board order, regions by name. Where they take more columns than there is
 * room for, those that at most half of the applications have are folded, and if that is not enough, they come last.
 * @param room how many columns stand beside each other in view
 * @param unfolded environments that the reader wants to see by region
 */
export function columnGroupsOf(
  environments: readonly string[],
  rows: readonly BoardRow[],
  room: number,
  unfolded: readonly string[] = [],
): ColumnGroup[] {
  const uses = usesOf(environments, rows);
  const isRare = ({ applications }: Use) => rows.length > 1 && applications * 2 <= rows.length;
  const foldable = new Set<string>();
  let columns = uses.reduce((sum, { regions }) => sum + regions.length, 0);
  for (const { environment, regions } of uses.filter(isRare).toSorted(byRoomForNothing)) {
    if (columns <= room) break;
    if (regions.length === 1) continue;
    foldable.add(environment);
    columns -= regions.length - 1;
  }
  const ordered =
    columns > room ? [...uses.filter((use) => !isRare(use)), ...uses.filter((use) => isRare(use))] : uses;
  return ordered.map(({ environment, regions }) => ({
    environment,
    regions,
    foldable: foldable.has(environment),
    folded: foldable.has(environment) && !unfolded.includes(environment),
  }));
}

/** First what takes the most columns for the fewest applications. */
function byRoomForNothing(a: Use, b: Use): number {
  return a.applications - b.applications || b.regions.length - a.regions.length;
}

function usesOf(environments: readonly string[], rows: readonly BoardRow[]): Use[] {
  const uses = new Map(
    environments.map((environment) => [
      environment,
      { regions: new Set<string>(), applications: new Set<string>() },
    ]),
  );
  for (const row of rows) {
    for (const { environment, region } of row.cells) {
      uses.get(environment)?.regions.add(region);
      uses.get(environment)?.applications.add(row.application);
    }
  }
  return [...uses]
    .map(([environment, { regions, applications }]) => ({
      environment,
      regions: [...regions].sort(),
      applications: applications.size,
    }))
    .filter(({ regions }) => regions.length > 0);
}

/** The columns of the groups, from left to right. */
export function columnsOf(groups: readonly ColumnGroup[]): BoardColumn[] {
  return groups.flatMap(({ environment, regions, folded }): BoardColumn[] =>
    folded ? [{ environment, region: null }] : regions.map((region) => ({ environment, region })),
  );
}

/** What a row has in a column; several when an environment uses two accounts in one region, or is folded. */
export function cellsAt(row: BoardRow, { environment, region }: BoardColumn): BoardCell[] {
  return row.cells.filter(
    (cell) => cell.environment === environment && (region === null || cell.region === region),
  );
}

/** Cells of one environment as one: all their versions and instances, and what is news in any of them. */
export function mergedCell(first: BoardCell, others: readonly BoardCell[]): BoardCell {
  if (others.length === 0) return first;
  const cells = [first, ...others];
  const latest = cells.reduce((a, b) => ((b.deployedAt ?? '') > (a.deployedAt ?? '') ? b : a));
  const unseen = cells.find(({ stale }) => stale !== null) ?? first;
  return {
    ...first,
    versions: mergedVersions(cells),
    health: mergedHealth(cells),
    deployedAt: latest.deployedAt,
    deployedBy: latest.deployedBy,
    digest: cells.every(({ digest }) => digest === first.digest) ? first.digest : null,
    activity: cells.find(({ activity }) => activity !== null)?.activity ?? null,
    pin: cells.find(({ pin }) => pin !== null)?.pin ?? null,
    seenAt: unseen.seenAt,
    stale: unseen.stale,
    staleCause: unseen.staleCause,
  };
}

function mergedVersions(cells: readonly BoardCell[]): BoardCell['versions'] {
  const traffic = new Map<string, number>();
  for (const cell of cells) {
    for (const each of cell.versions) {
      traffic.set(each.version, (traffic.get(each.version) ?? 0) + each.traffic / cells.length);
    }
  }
  return [...traffic]
    .map(([version, share]) => ({ version, traffic: share }))
    .toSorted((a, b) => b.traffic - a.traffic || a.version.localeCompare(b.version));
}

function mergedHealth(cells: readonly BoardCell[]): BoardCell['health'] {
  const sum = (health: keyof BoardCell['health']) =>
    cells.reduce((total, cell) => total + cell.health[health], 0);
  return {
    starting: sum('starting'),
    healthy: sum('healthy'),
    unhealthy: sum('unhealthy'),
    draining: sum('draining'),
    down: sum('down'),
    unknown: sum('unknown'),
  };
}

/** In how many regions a version takes traffic. */
export function regionsWith(version: string, cells: readonly BoardCell[]): number {
  return regionCount(cells.filter((cell) => cell.versions.some((each) => each.version === version)));
}

export function regionCount(cells: readonly BoardCell[]): number {
  return new Set(cells.map(({ region }) => region)).size;
}

/** The cells of a row by environment, as they stand in it. */
export function byEnvironment(row: BoardRow): (readonly [string, readonly BoardCell[]])[] {
  const groups = new Map<string, BoardCell[]>();
  for (const cell of row.cells) groups.set(cell.environment, [...(groups.get(cell.environment) ?? []), cell]);
  return [...groups];
}
