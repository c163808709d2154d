import {
  CARD,
  GAPS,
  GROUP,
  type GraphLayout,
  type PlacedNode,
  STEP,
} from '@/components/graph/graph-layout.view';
import { type StageBranch, siblingEdges, type TreeStage } from '@/components/graph/stage-tree.view';

interface Outline {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
}

type Direction = 'right' | 'down';

/** ELK's own: how much wider than high it makes what hangs together in nothing. */
const ASPECT_RATIO = 1.6;

/**
 * About where ELK will put the stages, known at once: the page has its height and the stages can be read
 * before the layout is made. The lines between them come with the layout.
 */
export function outlineOf<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
): GraphLayout {
  const { nodes, width, height } = place(tree, open, 'right');
  const around = GAPS.around;
  return {
    nodes: nodes.map((node) => ({ ...node, x: node.x + around, y: node.y + around })),
    edges: [],
    width: width + 2 * around,
    height: height + 2 * around,
  };
}

function place<S extends TreeStage>(
  siblings: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
  direction: Direction,
): Outline {
  const sized = new Map(siblings.map((branch) => [branch.stage.refId, outlineOfOne(branch, open)]));
  return inRows(components(siblings).map((part) => inLayers(part, sized, direction)));
}

function outlineOfOne<S extends TreeStage>(branch: StageBranch<S>, open: ReadonlySet<string>): Outline {
  const kind = branch.depth === 0 ? 'card' : 'step';
  const size = kind === 'card' ? CARD : STEP;
  const { refId } = branch.stage;
  if (!open.has(refId)) return { ...size, nodes: [{ refId, x: 0, y: 0, ...size, kind }] };
  const inner = place(branch.children, open, 'down');
  const width = inner.width + 2 * GROUP.padding;
  const height = inner.height + GROUP.header + GROUP.padding;
  return {
    width,
    height,
    nodes: [
      { refId, x: 0, y: 0, width, height, kind: 'group' },
      ...moved(inner, GROUP.padding, GROUP.header),
    ],
  };
}

/** Stages that hang together, each such part in running order. */
function components<S extends TreeStage>(siblings: readonly StageBranch<S>[]): StageBranch<S>[][] {
  const partOf = new Map(siblings.map((branch) => [branch.stage.refId, [branch]]));
  for (const [from, to] of siblingEdges(siblings)) {
    const one = partOf.get(from);
    const other = partOf.get(to);
    if (!one || !other || one === other) continue;
    one.push(...other);
    for (const branch of other) partOf.set(branch.stage.refId, one);
  }
  const order = new Map(siblings.map((branch, at) => [branch, at]));
  return [...new Set(partOf.values())].map((part) =>
    part.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
  );
}

/** One layer after the other, each as far on as its longest way from a beginning. */
function inLayers<S extends TreeStage>(
  part: readonly StageBranch<S>[],
  sized: ReadonlyMap<string, Outline>,
  direction: Direction,
): Outline {
  const layerOf = new Map<string, number>();
  const layers: Outline[][] = [];
  for (const { stage } of part) {
    const layer = Math.max(0, ...stage.requires.map((ref) => (layerOf.get(ref) ?? -1) + 1));
    layerOf.set(stage.refId, layer);
    const outline = sized.get(stage.refId);
    if (outline) layers[layer] = [...(layers[layer] ?? []), outline];
  }
  const across = direction === 'right' ? GAPS.stages : GAPS.steps;
  const lines = layers.map((layer) => line(layer, direction === 'right' ? 'down' : 'right', across.beside));
  return line(lines, direction, across.onward);
}

/** One after the other in a direction, centred across it. */
function line(parts: readonly Outline[], direction: Direction, gap: number): Outline {
  const width = Math.max(0, ...parts.map((part) => part.width));
  const height = Math.max(0, ...parts.map((part) => part.height));
  let at = 0;
  const nodes = parts.flatMap((part) => {
    const start = at;
    at += gap + (direction === 'right' ? part.width : part.height);
    return direction === 'right'
      ? moved(part, start, (height - part.height) / 2)
      : moved(part, (width - part.width) / 2, start);
  });
  const length = Math.max(0, at - gap);
  return direction === 'right' ? { nodes, width: length, height } : { nodes, width, height: length };
}

/** Parts that do not hang together, the smallest first, in rows like words. */
function inRows(parts: readonly Outline[]): Outline {
  const area = parts.reduce((sum, { width, height }) => sum + width * height, 0);
  const room = Math.max(Math.sqrt(area) * ASPECT_RATIO, ...parts.map(({ width }) => width));
  const rows: Outline[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const part of parts.toSorted((a, b) => a.width * a.height - b.width * b.height)) {
    if (used + part.width > room) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(part);
    used += part.width + GAPS.parts;
  }
  const nodes: PlacedNode[] = [];
  let width = 0;
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const part of row) {
      nodes.push(...moved(part, x, y));
      x += part.width + GAPS.parts;
    }
    width = Math.max(width, x - GAPS.parts);
    y += Math.max(...row.map(({ height }) => height)) + GAPS.parts;
  }
  return { nodes, width, height: Math.max(0, y - GAPS.parts) };
}

function moved({ nodes }: Outline, x: number, y: number): PlacedNode[] {
  return nodes.map((node) => ({ ...node, x: node.x + x, y: node.y + y }));
}
