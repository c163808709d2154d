'use client';

import '@xyflow/react/dist/base.css';
import { MarkerType, Panel, Position, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Crosshair, Maximize2, Minus, Plus } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { GraphContext, type GraphContextValue } from '@/components/graph/graph-context';
import type { GraphLayout } from '@/components/graph/graph-layout.view';
import { StageEdge, type StageEdgeType } from '@/components/graph/stage-edge';
import { StageNode, type StageNodeType } from '@/components/graph/stage-node';
import { currentStage } from '@/components/graph/stage-tree.view';
import { IconButton } from '@/components/ui/button';
import { isComplete } from '@/server/domain/status';

const NODE_TYPES = { stage: StageNode };
const EDGE_TYPES = { stage: StageEdge };
const FIT = { padding: 0.06, maxZoom: 1, minZoom: 0.62, duration: 150 };

interface ExecutionGraphProps extends GraphContextValue {
  readonly layout: GraphLayout;
}

/** The stages from left to right; scroll and pinch to zoom, drag to move. */
export function ExecutionGraph(props: ExecutionGraphProps) {
  const { layout, ...context } = props;
  return (
    <ReactFlowProvider>
      <GraphContext value={context}>
        <Flow layout={layout} context={context} />
      </GraphContext>
    </ReactFlowProvider>
  );
}

function Flow({ layout, context }: { layout: GraphLayout; context: GraphContextValue }) {
  const t = useTranslations('executions.graph');
  const nodes = useMemo(() => toNodes(layout), [layout]);
  const done = useMemo(
    () =>
      new Set(
        [...context.branches.values()].flatMap(({ stage }) =>
          isComplete(stage.status) ? [stage.refId] : [],
        ),
      ),
    [context.branches],
  );
  const edges = useMemo(() => toEdges(layout, done), [layout, done]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onlyRenderVisibleElements
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      zoomOnDoubleClick={false}
      zoomOnScroll={false}
      panOnScroll={false}
      preventScrolling={false}
      minZoom={0.1}
      maxZoom={1.5}
      fitView
      fitViewOptions={FIT}
      proOptions={{ hideAttribution: true }}
      aria-label={t('label')}
    >
      <Camera layout={layout} context={context} />
    </ReactFlow>
  );
}

/** Keeps the current stage in view when it changes, and holds the buttons to look elsewhere. */
function Camera({ layout, context }: { layout: GraphLayout; context: GraphContextValue }) {
  const t = useTranslations('executions.graph');
  const flow = useReactFlow();
  const current = currentStage([...context.branches.values()].map((branch) => branch.stage))?.refId ?? null;
  const target = visibleAncestor(current, context);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const mark = `${target}|${layout.nodes.length}`;
    if (shown.current === mark) return;
    shown.current = mark;
    void look(flow, layout, target);
  }, [flow, layout, target]);
  return (
    <Panel position="bottom-left" className="!m-2 flex rounded-md border bg-surface">
      <IconButton size="sm" label={t('zoomOut')} onClick={() => void flow.zoomOut({ duration: 150 })}>
        <Minus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('zoomIn')} onClick={() => void flow.zoomIn({ duration: 150 })}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('fit')} onClick={() => void flow.fitView({ ...FIT, minZoom: 0.1 })}>
        <Maximize2 aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('follow')} onClick={() => void look(flow, layout, target)}>
        <Crosshair aria-hidden />
      </IconButton>
    </Panel>
  );
}

/** Shows all of it when that stays readable, else the current stage in the middle. */
async function look(
  flow: ReturnType<typeof useReactFlow>,
  layout: GraphLayout,
  target: string | null,
): Promise<void> {
  await flow.fitView(FIT);
  const node = layout.nodes.find((n) => n.refId === target);
  if (!node || flow.getZoom() > FIT.minZoom + 0.01) return;
  await flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom: 0.85, duration: 150 });
}

/** The stage itself, or the folded parent that hides it. */
function visibleAncestor(refId: string | null, { branches, open }: GraphContextValue): string | null {
  let shown = refId;
  for (let at = refId; at !== null; at = branches.get(at)?.stage.parentRefId ?? null) {
    const parent = branches.get(at)?.stage.parentRefId ?? null;
    if (parent !== null && branches.has(parent) && !open.has(parent)) shown = parent;
  }
  return shown;
}

function toNodes(layout: GraphLayout): StageNodeType[] {
  return layout.nodes.map((node) => ({
    id: node.refId,
    type: 'stage',
    position: { x: node.x, y: node.y },
    width: node.width,
    height: node.height,
    // Edges (1) lie over the group that holds them and under the cards.
    zIndex: node.kind === 'group' ? 0 : 2,
    data: { kind: node.kind },
    handles: [
      { type: 'target', position: Position.Left, x: 0, y: node.height / 2, width: 1, height: 1 },
      { type: 'source', position: Position.Right, x: node.width, y: node.height / 2, width: 1, height: 1 },
    ],
  }));
}

function toEdges(layout: GraphLayout, done: ReadonlySet<string>): StageEdgeType[] {
  return layout.edges.map((edge) => {
    const walked = done.has(edge.source);
    return {
      id: edge.id,
      type: 'stage',
      source: edge.source,
      target: edge.target,
      zIndex: 1,
      data: { points: edge.points, walked },
      markerEnd: {
        type: MarkerType.ArrowClosed,
        width: 14,
        height: 14,
        color: walked ? 'var(--muted)' : 'var(--line-strong)',
      },
    };
  });
}
