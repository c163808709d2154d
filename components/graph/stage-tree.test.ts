import { describe, expect, it } from 'vitest';
import {
  allRows,
  buildTree,
  currentStage,
  inRunningOrder,
  openParents,
  progressOf,
  type TreeStage,
  visibleAncestor,
  visibleRows,
} from '@/components/graph/stage-tree.view';

function stage(refId: string, over: Partial<TreeStage> = {}): TreeStage {
  return { refId, parentRefId: null, requires: [], status: 'pending', startedAt: null, ...over };
}

const DEPLOY = [
  stage('deploy', { requires: ['approve'], status: 'running' }),
  stage('approve', { status: 'succeeded' }),
  stage('deploy.eu-enable', { parentRefId: 'deploy', requires: ['deploy.eu-create'] }),
  stage('deploy.eu-create', { parentRefId: 'deploy', status: 'running' }),
];

describe('the tree of stages', () => {
  it('groups children under their parent, each level in running order', () => {
    const tree = buildTree(DEPLOY);
    expect(tree.map((b) => b.stage.refId)).toEqual(['approve', 'deploy']);
    expect(tree[1]?.children.map((b) => b.stage.refId)).toEqual(['deploy.eu-create', 'deploy.eu-enable']);
    expect(tree[1]?.children[0]?.depth).toBe(1);
  });

  it('shows a stage whose parent is unknown at the top instead of losing it', () => {
    expect(buildTree([stage('a', { parentRefId: 'gone' })]).map((b) => b.stage.refId)).toEqual(['a']);
  });

  it('keeps the steps of one region together', () => {
    const steps = [
      stage('eu1'),
      stage('us1'),
      stage('eu2', { requires: ['eu1'] }),
      stage('us2', { requires: ['us1'] }),
      stage('both', { requires: ['eu2', 'us2'] }),
    ];
    expect(inRunningOrder(steps).map((s) => s.refId)).toEqual(['eu1', 'eu2', 'us1', 'us2', 'both']);
  });

  it('keeps every stage even if the requirements form a circle', () => {
    const order = inRunningOrder([
      stage('a', { requires: ['b'] }),
      stage('b', { requires: ['a'] }),
      stage('c'),
    ]);
    expect(order.map((s) => s.refId).sort()).toEqual(['a', 'b', 'c']);
  });

  it('orders ten thousand chained stages without overflowing', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      stage(`s${i}`, { requires: i > 0 ? [`s${i - 1}`] : [] }),
    );
    expect(inRunningOrder(chain.toReversed()).map((s) => s.refId)).toEqual(chain.map((s) => s.refId));
  });

  it('counts how many parts of a parent are done', () => {
    const [, deploy] = buildTree(DEPLOY);
    expect(deploy && progressOf(deploy)).toEqual({ done: 0, total: 2 });
    const [approve] = buildTree(DEPLOY);
    expect(approve && progressOf(approve)).toBeNull();
  });

  it('opens what moves, leaves what is done closed, and obeys a person over both', () => {
    const tree = buildTree(DEPLOY);
    expect(openParents(tree, new Map())).toEqual(new Set(['deploy']));
    expect(openParents(tree, new Map([['deploy', false]]))).toEqual(new Set());
    const many = Array.from({ length: 30 }, (_, i) => stage(`s${i}`));
    const done = buildTree([...DEPLOY, ...many].map((s) => ({ ...s, status: 'succeeded' as const })));
    expect(openParents(done, new Map())).toEqual(new Set());
    expect(openParents(done, new Map([['deploy', true]]))).toEqual(new Set(['deploy']));
  });

  it('shows a small execution whole, even when it is done', () => {
    const done = buildTree(DEPLOY.map((s) => ({ ...s, status: 'succeeded' as const })));
    expect(openParents(done, new Map())).toEqual(new Set(['deploy']));
  });

  it('finds the folded parent that stands for a hidden stage', () => {
    const tree = buildTree(DEPLOY);
    const branches = new Map(allRows(tree).map((b) => [b.stage.refId, b]));
    expect(visibleAncestor('deploy.eu-create', branches, new Set(['deploy']))).toBe('deploy.eu-create');
    expect(visibleAncestor('deploy.eu-create', branches, new Set())).toBe('deploy');
    expect(visibleAncestor('approve', branches, new Set())).toBe('approve');
  });

  it('lists only the rows that are unfolded', () => {
    const tree = buildTree(DEPLOY);
    expect(visibleRows(tree, new Set()).length).toBe(2);
    expect(visibleRows(tree, new Set(['deploy'])).map((b) => b.stage.refId)).toEqual([
      'approve',
      'deploy',
      'deploy.eu-create',
      'deploy.eu-enable',
    ]);
  });
});

describe('the stage to look at first', () => {
  it('is the deepest one that moves', () => {
    expect(currentStage(DEPLOY)?.refId).toBe('deploy.eu-create');
  });

  it('is the one that broke when nothing moves', () => {
    const stages = [
      stage('a', { status: 'succeeded' }),
      stage('b', { status: 'errored' }),
      stage('c', { status: 'canceled' }),
    ];
    expect(currentStage(stages)?.refId).toBe('b');
  });

  it('is the stage that people wrote which decided, never one of its parts, once all has ended', () => {
    const ended = [
      stage('find', { status: 'succeeded', startedAt: '2026-01-01T00:00:00Z' }),
      stage('deploy', { requires: ['find'], status: 'failed', startedAt: '2026-01-01T00:01:00Z' }),
      stage('deploy.create', { parentRefId: 'deploy', status: 'failed', startedAt: '2026-01-01T00:01:01Z' }),
      stage('deploy.clean-up', {
        parentRefId: 'deploy',
        status: 'succeeded',
        startedAt: '2026-01-01T00:02:00Z',
      }),
      stage('after', { requires: ['deploy'], status: 'canceled' }),
    ];
    expect(currentStage(ended)?.refId).toBe('deploy');
    const well = ended.map((one) => ({ ...one, status: 'succeeded' as const }));
    expect(currentStage(well)?.refId).toBe('deploy');
  });

  it('is the stage that waits for a window or a place when nothing moves', () => {
    const waiting = {
      kind: 'time' as const,
      reason: { key: 'literal', values: { text: 'closed' } },
      until: null,
      who: [],
    };
    const stages = [
      stage('a', { status: 'succeeded', startedAt: '2026-01-01T00:00:00Z' }),
      stage('b', { requires: ['a'], waiting }),
      stage('c', { requires: ['b'] }),
    ];
    expect(currentStage(stages)?.refId).toBe('b');
  });

  it('is the one that was running when it was canceled', () => {
    const stages = [
      stage('a', { status: 'canceled', startedAt: '2026-01-01T00:00:00Z' }),
      stage('b', { status: 'canceled', requires: ['a'] }),
    ];
    expect(currentStage(stages.toReversed())?.refId).toBe('a');
  });

  it('is the last that started when all is done, and nothing for no stages', () => {
    const stages = [
      stage('a', { status: 'succeeded', startedAt: '2026-01-01T00:00:00Z' }),
      stage('b', { status: 'succeeded', startedAt: '2026-01-01T00:01:00Z' }),
    ];
    expect(currentStage(stages)?.refId).toBe('b');
    expect(currentStage([])).toBeNull();
  });
});
