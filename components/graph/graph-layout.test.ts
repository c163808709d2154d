import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import {
  fromElk,
  type GraphLayout,
  isInView,
  layoutKey,
  pathThrough,
  toElk,
  viewFor,
} from '@/components/graph/graph-layout.view';
import { buildTree, type TreeStage } from '@/components/graph/stage-tree.view';

function stage(refId: string, requires: string[] = [], parentRefId: string | null = null): TreeStage {
  return { refId, parentRefId, requires, status: 'pending', startedAt: null };
}

const STAGES = [
  stage('approve'),
  stage('deploy', ['approve']),
  stage('deploy.eu-1', [], 'deploy'),
  stage('deploy.eu-2', ['deploy.eu-1'], 'deploy'),
  stage('deploy.us-1', [], 'deploy'),
  stage('notify', ['deploy']),
];

async function layout(open: string[]) {
  return fromElk(await new ELK().layout(toElk(buildTree(STAGES), new Set(open))));
}

describe('the drawn graph', () => {
  it('runs left to right and hides the parts of a folded stage', async () => {
    const { nodes, edges } = await layout([]);
    expect(nodes.map((n) => n.refId)).toEqual(['approve', 'deploy', 'notify']);
    const xs = nodes.map((n) => n.x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(edges.map((e) => e.id)).toEqual(['approve→deploy', 'deploy→notify']);
  });

  it('unfolds a stage in place: its parts lie inside it, top to bottom', async () => {
    const { nodes, edges } = await layout(['deploy']);
    const at = new Map(nodes.map((n) => [n.refId, n]));
    const parent = at.get('deploy');
    const first = at.get('deploy.eu-1');
    const second = at.get('deploy.eu-2');
    if (!parent || !first || !second) throw new Error('a node is missing');
    expect(parent.kind).toBe('group');
    expect(second.y).toBeGreaterThan(first.y + first.height);
    for (const child of [first, second]) {
      expect(child.x).toBeGreaterThan(parent.x);
      expect(child.x + child.width).toBeLessThan(parent.x + parent.width);
      expect(child.y + child.height).toBeLessThan(parent.y + parent.height);
    }
    const inner = edges.find((e) => e.id === 'deploy.eu-1→deploy.eu-2');
    expect(inner?.points[0]?.y).toBeCloseTo(first.y + first.height, 0);
    expect(inner?.points.at(-1)?.y).toBeCloseTo(second.y, 0);
  });

  it('lays nothing over anything else among five hundred stages', async () => {
    const many = Array.from({ length: 500 }, (_, i) => stage(`s${i}`, i < 10 ? [] : [`s${i - 10}`]));
    const { nodes } = fromElk(await new ELK().layout(toElk(buildTree(many), new Set())));
    expect(nodes.length).toBe(500);
    const spots = new Set(nodes.map((n) => `${Math.round(n.x)}:${Math.round(n.y)}`));
    expect(spots.size).toBe(500);
  }, 60_000);

  it('is laid out again when a stage appears or unfolds, not when a status changes', () => {
    const before = layoutKey(buildTree(STAGES), new Set());
    const moved = STAGES.map((s) => ({ ...s, status: 'running' as const }));
    expect(layoutKey(buildTree(moved), new Set())).toBe(before);
    expect(layoutKey(buildTree(STAGES), new Set(['deploy']))).not.toBe(before);
    expect(layoutKey(buildTree([...STAGES, stage('more')]), new Set())).not.toBe(before);
  });
});

describe('where the graph is looked at', () => {
  const node = (refId: string, x: number) => ({
    refId,
    x,
    y: 0,
    width: 200,
    height: 100,
    kind: 'card' as const,
  });
  const layout = (width: number): GraphLayout => ({
    nodes: [node('a', 0), node('z', width - 200)],
    edges: [],
    width,
    height: 100,
  });

  it('a small graph is centred at its own size, not blown up', () => {
    expect(viewFor(layout(400), { width: 1032, height: 256 }, 'a')).toEqual({ x: 316, y: 62, zoom: 1 });
  });

  it('a graph too wide to read is shown at its current stage', () => {
    const view = viewFor(layout(10_000), { width: 1032, height: 256 }, 'z');
    expect(view.zoom).toBeCloseTo(10 / 11);
    expect(isInView(layout(10_000), { width: 1032, height: 256 }, view, 'z')).toBe(true);
  });

  it('no room stays empty beside a graph that goes on', () => {
    const size = { width: 1032, height: 256 };
    // Room at the sides is kept free.
    expect(viewFor(layout(10_000), size, 'a').x).toBe(16);
    const last = viewFor(layout(10_000), size, 'z');
    expect(10_000 * last.zoom + last.x).toBeCloseTo(1016, 0);
  });

  it('everything is shown where its names can just be read', () => {
    expect(viewFor(layout(1_090), { width: 1032, height: 256 }, 'z').zoom).toBeCloseTo(1000 / 1090);
    expect(viewFor(layout(1_110), { width: 1032, height: 256 }, 'z').zoom).toBeCloseTo(10 / 11);
  });

  it('a stage larger than the window is shown from its beginning, where its name stands', () => {
    const tall = { ...node('a', 0), height: 2_000 };
    const view = viewFor(
      { nodes: [tall], edges: [], width: 200, height: 2_000 },
      { width: 1032, height: 556 },
      'a',
    );
    expect(view.y).toBe(12);
  });

  it('what is in view already is left alone, what has left it is followed', () => {
    const size = { width: 1032, height: 256 };
    const view = viewFor(layout(10_000), size, 'z');
    expect(isInView(layout(10_000), size, view, 'z')).toBe(true);
    expect(isInView(layout(10_000), size, view, 'a')).toBe(false);
    expect(isInView(layout(10_000), size, view, 'unknown')).toBe(false);
  });

  it('the whole can be asked for, however small it gets', () => {
    const view = viewFor(layout(5_000), { width: 1032, height: 256 }, null);
    expect(view.zoom).toBeCloseTo(0.2);
    expect(view.x).toBe(16);
  });
});

describe('an edge', () => {
  it('is a straight line between two points', () => {
    expect(
      pathThrough([
        { x: 0, y: 0 },
        { x: 10, y: 0 },
      ]),
    ).toBe('M 0 0 L 10 0');
  });

  it('rounds its corners without overshooting a short piece', () => {
    const path = pathThrough([
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 4 },
      { x: 20, y: 4 },
    ]);
    expect(path).toBe('M 0 0 L 5 0 Q 10 0 10 2 L 10 2 Q 10 4 15 4 L 20 4');
  });

  it('is nothing without points', () => {
    expect(pathThrough([])).toBe('');
  });
});
