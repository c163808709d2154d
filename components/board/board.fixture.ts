import type { Board, BoardCell, BoardRow } from '@/server/domain/views/board';

const HEALTHY = { healthy: 2, starting: 0, unhealthy: 0, draining: 0, down: 0, unknown: 0 };

/** A quiet cell of catalog in prod, for tests to vary. */
export function boardCell(parts: Partial<BoardCell>): BoardCell {
  return {
    environment: 'prod',
    region: 'eu',
    account: 'local',
    cluster: 'catalog-prod',
    versions: [{ version: '1.0.0', traffic: 1 }],
    health: HEALTHY,
    serverless: false,
    deployedAt: '2026-11-18T00:00:00.000Z',
    deployedBy: 'admin',
    digest: 'sha256:aaaa',
    activity: null,
    pin: null,
    seenAt: '2026-11-21T00:00:00.000Z',
    stale: null,
    staleCause: null,
    url: null,
    ...parts,
  };
}

export function boardOf(rows: readonly (Partial<BoardRow> & Pick<BoardRow, 'application'>)[]): Board {
  const full = rows.map((row) => ({ owner: '', cells: [], waiting: [], ...row }));
  const environments = [...new Set(full.flatMap((row) => row.cells.map((cell) => cell.environment)))];
  return { environments, rows: full };
}
