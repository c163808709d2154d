import { z } from 'zod';
import type { Database } from '@/db/client';
import type { Board, BoardRow } from '@/server/domain/views/board';
import { type CellSources, cellsOf } from '@/server/services/board/cells';
import {
  type PlaceRow,
  readAccounts,
  readActivities,
  readAddresses,
  readArrivals,
  readGroups,
  readPlaces,
  type WantedArrival,
} from '@/server/services/board/queries';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { waitingGates } from '@/server/services/judgments/list-waiting';
import { activePins } from '@/server/services/pins/active';
import { Coalescer } from '@/server/services/shared/coalesce';
import { groupBy } from '@/server/services/shared/sql';

export const getBoardInput = z.object({
  /** Only the applications of this owner. */
  group: z.string().optional(),
});

type Body = Omit<Board, 'rows'> & { readonly rows: readonly Omit<BoardRow, 'waiting'>[] };

/** The body reads everything there is and is the same for all; every open page asks for it at each change. */
const bodies = new WeakMap<Database, Coalescer<Body>>();

/** The board: every application with what runs where. */
export async function getBoard(ctx: ServiceContext, input: z.output<typeof getBoardInput>): Promise<Board> {
  const actor = requirePermission(ctx, 'read');
  const group = input.group ?? null;
  const shared = bodies.get(ctx.db) ?? new Coalescer<Body>();
  bodies.set(ctx.db, shared);
  const [body, gates] = await Promise.all([
    shared.run(group ?? '', () => readBody(ctx.db, group)),
    waitingGates(ctx, actor),
  ]);
  const gatesOf = groupBy(gates, (gate) => gate.application);
  return { ...body, rows: body.rows.map((row) => ({ ...row, waiting: gatesOf.get(row.application) ?? [] })) };
}

async function readBody(db: Database, owner: string | null): Promise<Body> {
  const [places, groups, activities, accounts, addresses, pins] = await Promise.all([
    readPlaces(db, owner),
    readGroups(db),
    readActivities(db),
    readAccounts(db),
    readAddresses(db),
    activePins(db),
  ]);
  const sources: CellSources = {
    groups: groupBy(groups, (row) => placeKey(row.account, row.region, row.cluster)),
    activities: new Map(activities.map((row) => [`${row.application} ${row.environment}`, row])),
    accounts: new Map(accounts.map((row) => [row.name, row])),
    addresses: new Map(addresses.map((row) => [placeKey(row.account, row.region, row.name), row.url])),
    pins: new Map(pins.map((pin) => [`${pin.account} ${pin.cluster}`, pin])),
  };
  const cells = new Map(places.map((place) => [place, cellsOf(place, sources)]));
  const arrivals = await arrivalsOf(db, places, cells);
  const rows = [...groupBy(places, (place) => place.application)].map(([application, group]) => ({
    application,
    owner: group[0]?.owner ?? '',
    cells: group.flatMap((place) =>
      (cells.get(place) ?? []).map((cell) => withArrival(application, cell, arrivals)),
    ),
  }));
  return { environments: environmentOrder(places), rows };
}

type Cell = BoardRow['cells'][number];
type Arrivals = ReadonlyMap<string, { readonly at: string | null; readonly by: string }>;

async function arrivalsOf(
  db: Database,
  places: readonly PlaceRow[],
  cells: ReadonlyMap<PlaceRow, readonly Cell[]>,
): Promise<Arrivals> {
  const wanted = new Map<string, WantedArrival>();
  for (const place of places) {
    for (const { environment, digest, versions } of cells.get(place) ?? []) {
      if (!digest) continue;
      const { application } = place;
      const version = versions[0]?.version ?? '';
      wanted.set(`${application} ${environment} ${digest}`, { application, environment, digest, version });
    }
  }
  const rows = await readArrivals(db, [...wanted.values()]);
  return new Map(rows.map((row) => [`${row.application} ${row.environment} ${row.digest}`, row]));
}

function withArrival(application: string, cell: Cell, arrivals: Arrivals): Cell {
  const arrival = arrivals.get(`${application} ${cell.environment} ${cell.digest ?? ''}`);
  return arrival ? { ...cell, deployedAt: arrival.at ?? cell.deployedAt, deployedBy: arrival.by } : cell;
}

/** Environments of all applications; where they disagree about the order, the lowest place wins. */
function environmentOrder(places: readonly PlaceRow[]): string[] {
  const order = new Map<string, number>();
  for (const place of places) {
    if (place.environment === null) continue;
    order.set(
      place.environment,
      Math.min(place.order, order.get(place.environment) ?? Number.POSITIVE_INFINITY),
    );
  }
  return [...order].toSorted((a, b) => a[1] - b[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}

function placeKey(account: string, region: string, cluster: string): string {
  return `${account} ${region} ${cluster}`;
}
