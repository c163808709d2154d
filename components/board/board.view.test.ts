import { describe, expect, it } from 'vitest';
import { boardCell, boardOf } from '@/components/board/board.fixture';
import {
  type BoardFilter,
  cellBefore,
  cellHref,
  cellState,
  filterRows,
  linesOf,
  movedFocus,
  needsAttention,
  reachedColumn,
  totalsOf,
  unseenAccounts,
  withLosses,
} from '@/components/board/board.view';

const NOBODY = { healthy: 0, starting: 0, unhealthy: 0, draining: 0, down: 0, unknown: 0 };
const ALL: BoardFilter = { search: '', owner: null, attention: false };

describe('the state of a cell', () => {
  it('is the worst health in it', () => {
    expect(cellState(boardCell({ health: { ...NOBODY, healthy: 9, unhealthy: 1 } }))).toBe('unhealthy');
  });
  it('is unknown while its account cannot be seen, whatever was seen last', () => {
    expect(cellState(boardCell({ stale: 'connection refused' }))).toBe('unknown');
  });
  it('tells never deployed from nothing taking traffic', () => {
    expect(cellState(boardCell({ versions: [], health: NOBODY, deployedAt: null }))).toBe('empty');
    expect(cellState(boardCell({ versions: [] }))).toBe('idle');
  });
});

describe('filtering', () => {
  const { rows } = boardOf([
    { application: 'catalog', owner: 'Shop', cells: [boardCell({})] },
    {
      application: 'payments',
      owner: 'Money',
      cells: [boardCell({ versions: [{ version: '4.0.1', traffic: 1 }] })],
    },
    { application: 'search', owner: 'Shop', cells: [boardCell({ health: { ...NOBODY, down: 1 } })] },
  ]);
  const names = (filter: Partial<BoardFilter>) =>
    filterRows(rows, { ...ALL, ...filter }).map((row) => row.application);

  it('finds by name, owner and version, all words together', () => {
    expect(names({ search: 'CAT' })).toEqual(['catalog']);
    expect(names({ search: 'shop sea' })).toEqual(['search']);
    expect(names({ search: '4.0.1' })).toEqual(['payments']);
  });
  it('by owner and by need of attention', () => {
    expect(names({ owner: 'Shop' })).toEqual(['catalog', 'search']);
    expect(names({ attention: true })).toEqual(['search']);
  });
  it('counts a pinned cell as one to look at', () => {
    const pin = { version: '1.0.0', reason: 'r', by: 'b', at: '2026-11-21T00:00:00.000Z', expiresAt: null };
    const [row] = boardOf([{ application: 'a', cells: [boardCell({ pin })] }]).rows;
    expect(row && needsAttention(row)).toBe(true);
  });
});

describe('comparing with the left', () => {
  const staging = boardCell({ environment: 'staging', region: 'eu' });
  const prodEu = boardCell({ region: 'eu' });
  const prodUs = boardCell({ region: 'us' });
  const [row] = boardOf([{ application: 'a', cells: [staging, prodEu, prodUs] }]).rows;

  it('takes the environment before, not the region beside', () => {
    expect(row && cellBefore(row, ['staging', 'prod'], prodUs)).toBe(staging);
  });
  it('finds nothing left of the first environment', () => {
    expect(row && cellBefore(row, ['staging', 'prod'], staging)).toBeNull();
  });
});

describe('the totals', () => {
  it('count an execution once however many regions it works on, and not while a person is awaited', () => {
    const activity = { executionId: 'e1', status: 'running', version: '1.1.0', waitingFor: null } as const;
    const held = { ...activity, executionId: 'e2', waitingFor: 'person' } as const;
    const { rows } = boardOf([
      {
        application: 'a',
        cells: [
          boardCell({ activity }),
          boardCell({ region: 'us', activity, health: { ...NOBODY, healthy: 1, down: 2 } }),
          boardCell({ region: 'ap', activity: held }),
        ],
      },
    ]);
    expect(totalsOf(rows)).toEqual({ healthy: 5, ill: 2, unseen: 0, moving: 1, waiting: 0 });
  });

  it('claim nothing of what cannot be seen now', () => {
    const health = { ...NOBODY, healthy: 3, down: 1 };
    const { rows } = boardOf([
      { application: 'a', cells: [boardCell({}), boardCell({ region: 'us', stale: 'no answer', health })] },
    ]);
    expect(totalsOf(rows)).toMatchObject({ healthy: 2, ill: 0, unseen: 4 });
  });
});

describe('accounts that cannot be seen', () => {
  const seenAt = '2026-11-21T00:00:00.000Z';
  const far = boardCell({ account: 'far', seenAt });
  const { rows } = boardOf([
    { application: 'a', cells: [boardCell({}), far, { ...far, region: 'us' }] },
    { application: 'b', cells: [boardCell({})] },
  ]);
  const account = { account: 'far', provider: 'kubernetes', seenAt, cause: 'unanswered' } as const;

  it('are lost for the cells as soon as that is known, and named once', () => {
    const lost = withLosses(rows, [{ ...account, error: 'no answer' }]);
    expect(unseenAccounts(lost)).toEqual([
      { account: 'far', seenAt, error: 'no answer', cause: 'unanswered' },
    ]);
    expect(lost[1]).toBe(rows[1]);
  });

  it('are not lost by word that is older than what the cells show', () => {
    const old = { ...account, seenAt: '2026-11-20T00:00:00.000Z', error: 'no answer' };
    expect(unseenAccounts(withLosses(rows, [old]))).toEqual([]);
    expect(withLosses(rows, [{ ...account, error: null }])).toBe(rows);
  });
});

describe('grouping', () => {
  it('puts a heading before each owner and counts rows through', () => {
    const { rows } = boardOf([
      { application: 'b', owner: 'Z' },
      { application: 'c', owner: 'A' },
      { application: 'd', owner: 'Z' },
    ]);
    expect(
      linesOf(rows, true).map((l) =>
        l.kind === 'owner' ? `# ${l.owner} ${l.count}` : `${l.index} ${l.row.application}`,
      ),
    ).toEqual(['# A 1', '0 c', '# Z 2', '1 b', '2 d']);
  });
});

describe('moving the focus', () => {
  const size = { rows: 3, columns: 2 };
  it('stays within the grid', () => {
    expect(movedFocus({ row: 2, column: 1 }, 'j', size)).toEqual({ row: 2, column: 1 });
    expect(movedFocus({ row: 0, column: 0 }, 'ArrowLeft', size)).toEqual({ row: 0, column: 0 });
    expect(movedFocus({ row: 0, column: 0 }, 'ArrowRight', size)).toEqual({ row: 0, column: 1 });
  });
  it('begins at the top with j, and with nothing else', () => {
    expect(movedFocus(null, 'j', size)).toEqual({ row: 0, column: 0 });
    expect(movedFocus(null, 'ArrowDown', size)).toBeNull();
    expect(movedFocus(null, 'j', { rows: 0, columns: 0 })).toBeNull();
  });
  it('leaps over places that a row has nothing in, and stays where nothing follows', () => {
    expect(reachedColumn([0, 3, 4], 1, 'ArrowRight')).toBe(3);
    expect(reachedColumn([0, 3, 4], 5, 'ArrowRight')).toBe(4);
    expect(reachedColumn([0, 3, 4], 2, 'ArrowLeft')).toBe(0);
    expect(reachedColumn([0, 3, 4], 2, 'ArrowDown')).toBe(0);
  });
});

it('a cell leads to its cluster, whatever its name', () => {
  expect(cellHref('a/b', { cluster: 'x&y', region: 'eu' })).toBe(
    '/applications/a%2Fb?cluster=x%26y&region=eu',
  );
});
