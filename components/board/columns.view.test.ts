import { describe, expect, it } from 'vitest';
import { boardCell, boardOf } from '@/components/board/board.fixture';
import {
  byEnvironment,
  cellsAt,
  columnGroupsOf,
  columnsOf,
  mergedCell,
  regionsWith,
} from '@/components/board/columns.view';
import type { BoardRow } from '@/server/domain/views/board';

const NOBODY = { healthy: 0, starting: 0, unhealthy: 0, draining: 0, down: 0, unknown: 0 };
const REGIONS = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9'];
const ORDER = ['everywhere', 'dev', 'staging', 'prod'];

const cellsIn = (environment: string, regions: readonly string[]) =>
  regions.map((region) => boardCell({ environment, region }));
const both = (application: string) => ({
  application,
  cells: [...cellsIn('staging', ['eu', 'us']), ...cellsIn('prod', ['eu', 'us'])],
});
const world = { application: 'world', cells: cellsIn('everywhere', REGIONS) };

/** The columns in words. */
function columns(
  environments: readonly string[],
  rows: readonly BoardRow[],
  unfolded: readonly string[] = [],
) {
  return columnsOf(columnGroupsOf(environments, rows, 5, unfolded)).map(
    ({ environment, region }) => `${environment} ${region ?? '*'}`,
  );
}

const WIDE = ['staging eu', 'staging us', 'prod eu', 'prod us'];

describe('columns', () => {
  it('follow the order of environments, regions by name', () => {
    const { rows } = boardOf([
      { application: 'a', cells: cellsIn('prod', ['us']) },
      { application: 'b', cells: [...cellsIn('prod', ['eu']), ...cellsIn('staging', ['eu'])] },
    ]);
    expect(columns(['staging', 'prod'], rows)).toEqual(['staging eu', 'prod eu', 'prod us']);
  });
  it('leave out an environment that no row shown has', () => {
    expect(columns(['staging'], [])).toEqual([]);
  });
  it('fold the ten regions of one application, so that those of the others stay in view', () => {
    const { rows } = boardOf([both('a'), both('b'), world]);
    expect(columns(ORDER, rows)).toEqual(['everywhere *', ...WIDE]);
  });
  it('show them by region to who asks, and keep the others as they were', () => {
    const { rows } = boardOf([both('a'), both('b'), world]);
    expect(columns(ORDER, rows, ['everywhere'])).toEqual([
      ...REGIONS.map((region) => `everywhere ${region}`),
      ...WIDE,
    ]);
  });
  it('fold nothing while there is room, and nothing that most applications have', () => {
    const { rows } = boardOf([both('a'), { application: 'b', cells: cellsIn('prod', ['eu']) }]);
    expect(columns(ORDER, rows)).toEqual(WIDE);
    expect(columns(ORDER, boardOf([both('a'), both('b'), both('c')]).rows)).toEqual(WIDE);
    expect(columns(ORDER, boardOf([world]).rows)).toHaveLength(REGIONS.length);
  });
  it('put last what few applications have, where folding does not make room', () => {
    const many = (application: string) => ({ application, cells: cellsIn('prod', REGIONS) });
    const { rows } = boardOf([
      many('a'),
      many('b'),
      { application: 'c', cells: cellsIn('dev', ['eu', 'us']) },
    ]);
    expect(columns(ORDER, rows)).toEqual([...REGIONS.map((region) => `prod ${region}`), 'dev *']);
  });
});

describe('the cells of a column', () => {
  const [row] = boardOf([
    { application: 'a', cells: [...cellsIn('dev', ['eu', 'us']), ...cellsIn('prod', ['eu'])] },
  ]).rows;
  const regionsAt = (region: string | null) =>
    row && cellsAt(row, { environment: 'dev', region }).map((cell) => cell.region);

  it('are those of the region, or of all regions where it is folded', () => {
    expect(regionsAt('us')).toEqual(['us']);
    expect(regionsAt(null)).toEqual(['eu', 'us']);
  });
  it('are grouped by environment in the order of the row', () => {
    expect(row && byEnvironment(row).map(([environment, cells]) => [environment, cells.length])).toEqual([
      ['dev', 2],
      ['prod', 1],
    ]);
  });
});

describe('several regions as one cell', () => {
  const activity = { executionId: 'e1', status: 'running', version: '1.1.0', waitingFor: null } as const;
  const eu = boardCell({ region: 'eu' });
  const us = boardCell({ region: 'us', deployedAt: '2026-11-20T00:00:00.000Z', deployedBy: 'Kim' });
  const next = boardCell({
    region: 'ap',
    versions: [{ version: '1.1.0', traffic: 1 }],
    digest: 'b',
    activity,
  });

  it('have every version, and count the regions of each', () => {
    expect(mergedCell(eu, [us, next]).versions.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
    expect(regionsWith('1.0.0', [eu, us, next])).toBe(2);
    expect(regionsWith('1.1.0', [eu, us, next])).toBe(1);
  });
  it('add up instances and tell what happened last and happens now', () => {
    expect(mergedCell(eu, [us, next])).toMatchObject({
      health: { ...NOBODY, healthy: 6 },
      deployedAt: us.deployedAt,
      deployedBy: 'Kim',
      digest: null,
      activity,
    });
  });
  it('are not seen when one of them is not', () => {
    expect(mergedCell(eu, [boardCell({ region: 'us', stale: 'no answer' })]).stale).toBe('no answer');
  });
});
