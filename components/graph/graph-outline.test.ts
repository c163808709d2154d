import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import { fromElk, toElk } from '@/components/graph/graph-layout.view';
import { outlineOf } from '@/components/graph/graph-outline.view';
import { buildTree, type TreeStage } from '@/components/graph/stage-tree.view';

function stage(refId: string, requires: string[] = [], parentRefId: string | null = null): TreeStage {
  return { refId, parentRefId, requires, status: 'pending', startedAt: null };
}

/** A deploy of so many steps in every region. */
function deploy(refId: string, requires: string[], regions: number, steps: number): TreeStage[] {
  const children = Array.from({ length: regions * steps }, (_, i) => {
    const at = i % steps;
    const name = (step: number) => `${refId}.r${Math.floor(i / steps)}-${step}`;
    return stage(name(at), at > 0 ? [name(at - 1)] : [], refId);
  });
  return [stage(refId, requires), ...children];
}

const PIPELINES: Readonly<Record<string, readonly TreeStage[]>> = {
  'a chain': ['a', 'b', 'c', 'd'].map((ref, i, all) => stage(ref, i > 0 ? [all[i - 1] ?? ''] : [])),
  'one deploy': deploy('prod', [], 1, 6),
  'a canary in two regions': [...deploy('prod', [], 2, 9), stage('after', ['prod'])],
  'two regions of few steps': deploy('prod', [], 2, 3),
  'four environments': [
    ...deploy('dev', [], 2, 5),
    ...deploy('cluster', ['dev'], 1, 5),
    ...deploy('aws', ['cluster'], 2, 3),
    ...deploy('functions', ['cluster'], 1, 3),
  ],
  'stages that hang together in nothing': [
    ...['a', 'b', 'c', 'd'].map((ref) => stage(ref)),
    ...deploy('prod', [], 1, 3),
  ],
  'a fan': [
    stage('a'),
    ...Array.from({ length: 6 }, (_, i) => stage(`b${i}`, ['a'])),
    stage('z', ['b0', 'b5']),
  ],
};

describe('the outline of a graph', () => {
  it.each(Object.entries(PIPELINES))('is close to the drawn graph: %s', async (_, stages) => {
    const tree = buildTree(stages);
    const open = new Set(tree.filter(({ children }) => children.length > 0).map((b) => b.stage.refId));
    const outline = outlineOf(tree, open);
    const drawn = fromElk(await new ELK().layout(toElk(tree, open)));
    const refIds = (nodes: readonly { refId: string }[]) => nodes.map(({ refId }) => refId).toSorted();
    expect(refIds(outline.nodes)).toEqual(refIds(drawn.nodes));
    expect(Math.abs(outline.height - drawn.height)).toBeLessThanOrEqual(24);
    expect(Math.abs(outline.width - drawn.width)).toBeLessThanOrEqual(40);
  });

  it('of nothing has nothing', () => {
    expect(outlineOf([], new Set()).nodes).toEqual([]);
  });
});
