import { describe, expect, it } from 'vitest';
import { boardCell, boardOf } from '@/components/board/board.fixture';
import {
  actionEntries,
  featureEntries,
  findEntries,
  type PaletteEntry,
  pipelineEntries,
  waitingEntries,
} from '@/components/nav/palette.view';

const words = {
  deploy: (application: string, environment: string) => `Deploy to ${environment}: ${application}`,
  rollBack: (cluster: string) => `Roll back ${cluster}`,
  judge: () => 'Approve',
};
const entry = (text: string): PaletteEntry => ({ id: text, text, command: { kind: 'go', href: '/' } });

describe('the palette', () => {
  it('offers each verb once per environment and cluster, however many regions there are', () => {
    const board = boardOf([
      { application: 'catalog', cells: [boardCell({ region: 'eu' }), boardCell({ region: 'us' })] },
    ]);
    const entries = actionEntries(board, words, { deploy: true, rollBack: true });
    expect(entries.map(({ text }) => text)).toEqual(['Deploy to prod: catalog', 'Roll back catalog-prod']);
  });
  it('finds pipelines by name, whichever application they are of', () => {
    const entries = pipelineEntries([
      { application: 'catalog', name: 'deploy-prod' },
      { application: 'shop', name: 'release' },
    ]);
    expect(findEntries(entries, 'release', 5).map(({ command }) => command)).toEqual([
      { kind: 'go', href: '/applications/shop/pipelines/release' },
    ]);
  });
  it('offers no verb one may not use', () => {
    const board = boardOf([{ application: 'catalog', cells: [boardCell({})] }]);
    expect(actionEntries(board, words, { deploy: false, rollBack: false })).toEqual([]);
  });
  it('finds entries by all words in any order', () => {
    const found = findEntries(
      [entry('Deploy to prod: catalog'), entry('Deploy to staging: catalog')],
      'cat prod',
      5,
    );
    expect(found.map(({ text }) => text)).toEqual(['Deploy to prod: catalog']);
  });
  it('puts what begins with the search first, the shortest on top', () => {
    const found = findEntries([entry('my catalog'), entry('catalog-search'), entry('catalog')], 'catalog', 2);
    expect(found.map(({ text }) => text)).toEqual(['catalog', 'catalog-search']);
  });
  it('leads to a gate and its evidence instead of judging blindly', () => {
    const [first] = waitingEntries(
      [
        {
          executionId: 'e1',
          refId: 'approve prod',
          application: 'catalog',
          pipeline: 'deploy-prod',
          ramp: null,
          environment: 'prod',
          version: '1.1.0',
          stageName: { key: 'literal', values: { text: 'Approve' } },
          since: '2026-11-21T00:00:00.000Z',
          expiresAt: null,
          roles: [],
          mine: true,
        },
      ],
      words,
    );
    expect(first?.command).toEqual({ kind: 'go', href: '/executions/e1?stage=approve%20prod' });
  });
});

it('a feature can be opened, and turned off by those who may while it is on somewhere', () => {
  const features = [
    { key: 'badge', name: 'Badge', isOn: true },
    { key: 'cart', name: 'Cart', isOn: false },
  ];
  const ids = (kill: ((name: string) => string) | null) => featureEntries(features, kill).map(({ id }) => id);
  expect(ids((name) => `Turn off ${name}`)).toEqual(['feature badge', 'kill badge', 'feature cart']);
  expect(ids(null)).toEqual(['feature badge', 'feature cart']);
});
