import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import { type StageBranch, siblingEdges, type TreeStage } from '@/components/graph/stage-tree.view';

/** Sizes in px at zoom 1. Fixed, so that the layout needs no measuring and nothing jumps while text changes. */
export const CARD = { width: 216, height: 68 } as const;
export const STEP = { width: 288, height: 52 } as const;
/** `header`: room for the parent's own card above its unfolded parts. */
export const GROUP = { header: 78, padding: 14 } as const;
/** Between one layer and the next (`onward`), within a layer (`beside`), and between what hangs together in nothing. */
export const GAPS = {
  around: 16,
  stages: { onward: 56, beside: 24 },
  steps: { onward: 20, beside: 16 },
  parts: 20,
} as const;

export interface PlacedNode {
  readonly refId: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: 'card' | 'step' | 'group';
}

export interface PlacedEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/**
 * The graph as ELK reads it. The pipeline runs left to right; the steps inside an unfolded stage run
 * top to bottom, so that a deploy of ten steps stays readable beside its neighbours.
 */
export function toElk<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
): ElkNode {
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': `${GAPS.stages.onward}`,
      'elk.spacing.nodeNode': `${GAPS.stages.beside}`,
      'elk.spacing.componentComponent': `${GAPS.parts}`,
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.padding': padding(GAPS.around, GAPS.around),
    },
    children: tree.map((branch) => elkNode(branch, open)),
    edges: elkEdges(tree),
  };
}

function elkNode<S extends TreeStage>(branch: StageBranch<S>, open: ReadonlySet<string>): ElkNode {
  const size = branch.depth === 0 ? CARD : STEP;
  if (!open.has(branch.stage.refId)) return { id: branch.stage.refId, ...size };
  return {
    id: branch.stage.refId,
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.layered.spacing.nodeNodeBetweenLayers': `${GAPS.steps.onward}`,
      'elk.spacing.nodeNode': `${GAPS.steps.beside}`,
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.separateConnectedComponents': 'true',
      'elk.spacing.componentComponent': `${GAPS.parts}`,
      'elk.padding': padding(GROUP.header, GROUP.padding),
    },
    children: branch.children.map((child) => elkNode(child, open)),
    edges: elkEdges(branch.children),
  };
}

function padding(top: number, others: number): string {
  return `[top=${top},left=${others},bottom=${others},right=${others}]`;
}

function elkEdges<S extends TreeStage>(siblings: readonly StageBranch<S>[]): ElkExtendedEdge[] {
  return siblingEdges(siblings).map(([from, to]) => ({
    id: `${from}→${to}`,
    sources: [from],
    targets: [to],
  }));
}

/** ELK's answer as absolute positions. Its coordinates are relative to the surrounding node. */
export function fromElk(root: ElkNode): GraphLayout {
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  const visit = (node: ElkNode, at: Point, depth: number): void => {
    for (const edge of node.edges ?? []) edges.push(placeEdge(edge, at));
    for (const child of node.children ?? []) {
      const x = at.x + (child.x ?? 0);
      const y = at.y + (child.y ?? 0);
      const group = (child.children?.length ?? 0) > 0;
      nodes.push({
        refId: child.id,
        x,
        y,
        width: child.width ?? CARD.width,
        height: child.height ?? CARD.height,
        kind: group ? 'group' : depth === 0 ? 'card' : 'step',
      });
      visit(child, { x, y }, depth + 1);
    }
  };
  visit(root, { x: 0, y: 0 }, 0);
  return { nodes, edges, width: root.width ?? 0, height: root.height ?? 0 };
}

function placeEdge(edge: ElkExtendedEdge, at: Point): PlacedEdge {
  const points = (edge.sections ?? []).flatMap((s) => [s.startPoint, ...(s.bendPoints ?? []), s.endPoint]);
  return {
    id: edge.id,
    source: edge.sources[0] ?? '',
    target: edge.targets[0] ?? '',
    points: points.map((p) => ({ x: p.x + at.x, y: p.y + at.y })),
  };
}

/** An SVG path through the points with rounded corners. */
export function pathThrough(points: readonly Point[], radius = 6): string {
  const first = points[0];
  if (!first) return '';
  const parts = [`M ${first.x} ${first.y}`];
  for (let i = 1; i < points.length; i++) {
    const before = points[i - 1];
    const corner = points[i];
    const after = points[i + 1];
    if (!before || !corner) continue;
    if (!after) {
      parts.push(`L ${corner.x} ${corner.y}`);
      continue;
    }
    const from = towards(corner, before, radius);
    const to = towards(corner, after, radius);
    parts.push(`L ${from.x} ${from.y}`, `Q ${corner.x} ${corner.y} ${to.x} ${to.y}`);
  }
  return parts.join(' ');
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  // Half of the way at most: two corners close together must not overtake each other.
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/**
 * Smaller is shown only to who asks for it, or else a part at this size: the small text of a card is 11 px
 * (`--text-2xs`) and nobody should have to read less than 10.
 */
const READABLE = 10 / 11;
/** Kept free around the graph, and for the buttons below it. */
const MARGIN = { side: 16, top: 12, bottom: 44 } as const;

/**
 * Where to look: at all of it when that stays readable, else at the target. Without a target at all
 * of it, however small. Whole pixels, because text between two pixels is blurred.
 */
export function viewFor(
  layout: GraphLayout,
  size: { readonly width: number; readonly height: number },
  target: string | null,
): View {
  const width = size.width - 2 * MARGIN.side;
  const height = size.height - MARGIN.top - MARGIN.bottom;
  const fit = Math.min(width / Math.max(layout.width, 1), height / Math.max(layout.height, 1), 1);
  const node = layout.nodes.find((placed) => placed.refId === target);
  const whole = !node || fit >= READABLE;
  const zoom = whole ? Math.max(fit, 0.1) : READABLE;
  const middle = whole
    ? { x: layout.width / 2, y: layout.height / 2 }
    : // Of what is larger than the window its beginning, where its name stands.
      {
        x: node.x + Math.min(node.width, width / zoom) / 2,
        y: node.y + Math.min(node.height, height / zoom) / 2,
      };
  return {
    x: Math.round(MARGIN.side + along(middle.x * zoom, width, layout.width * zoom)),
    y: Math.round(MARGIN.top + along(middle.y * zoom, height, layout.height * zoom)),
    zoom,
  };
}

/** Where the graph begins so that its `middle` is in the middle, but never so that room stays empty beside more of it. */
function along(middle: number, room: number, size: number): number {
  if (size <= room) return (room - size) / 2;
  return Math.min(0, Math.max(room - size, room / 2 - middle));
}

/** Whether the whole of a stage can be seen: then there is no reason to move what a person reads. */
export function isInView(
  layout: GraphLayout,
  size: { readonly width: number; readonly height: number },
  view: View,
  target: string,
): boolean {
  const node = layout.nodes.find((placed) => placed.refId === target);
  if (!node) return false;
  const left = node.x * view.zoom + view.x;
  const top = node.y * view.zoom + view.y;
  return (
    left >= 0 &&
    top >= 0 &&
    left + node.width * view.zoom <= size.width &&
    top + node.height * view.zoom <= size.height
  );
}

/** Changes exactly when the picture must be laid out again: not when only statuses change. */
export function layoutKey<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
): string {
  const part = (branch: StageBranch<S>): string => {
    const inner = open.has(branch.stage.refId) ? `{${branch.children.map(part).join(';')}}` : '';
    return `${branch.stage.refId}<${branch.stage.requires.join(',')}${inner}`;
  };
  return tree.map(part).join(';');
}
