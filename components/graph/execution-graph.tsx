'use client';

import '@xyflow/react/dist/base.css';
import {
  MarkerType,
  Panel,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { Crosshair, Maximize2, Minus, Plus } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { GraphContext, type GraphContextValue } from '@/components/graph/graph-context';
import { type GraphLayout, isInView, viewFor } from '@/components/graph/graph-layout.view';
import { StageEdge, type StageEdgeType } from '@/components/graph/stage-edge';
import { StageNode, type StageNodeType } from '@/components/graph/stage-node';
import { currentStage, visibleAncestor } from '@/components/graph/stage-tree.view';
import { IconButton } from '@/components/ui/button';
import { letsDownstreamStart } from '@/server/domain/status';

const NODE_TYPES = { stage: StageNode };
const EDGE_TYPES = { stage: StageEdge };

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
  const moved = useRef(false);
  const onMoved = useCallback((now: boolean) => {
    moved.current = now;
  }, []);
  const nodes = useMemo(() => toNodes(layout), [layout]);
  const done = useMemo(
    () =>
      new Set(
        [...context.branches.values()].flatMap(({ stage }) =>
          letsDownstreamStart(stage.status) ? [stage.refId] : [],
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
      onMoveStart={(event) => {
        // Null when the camera itself moves.
        if (event !== null) onMoved(true);
      }}
      aria-label={t('label')}
      className="[--xy-attribution-background-color-default:transparent]! [&_.react-flow\_\_attribution_a]:text-muted!"
    >
      <Camera layout={layout} context={context} moved={moved} onMoved={onMoved} />
    </ReactFlow>
  );
}

interface CameraProps {
  readonly layout: GraphLayout;
  readonly context: GraphContextValue;
  /** Whether a person has looked elsewhere; the camera then stays where they left it. */
  readonly moved: Readonly<RefObject<boolean>>;
  readonly onMoved: (moved: boolean) => void;
}

/** Keeps the current stage in view until someone looks elsewhere, and holds the buttons to do so. */
function Camera({ layout, context, moved, onMoved }: CameraProps) {
  const t = useTranslations('executions.graph');
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const current = currentStage([...context.branches.values()].map((branch) => branch.stage))?.refId ?? null;
  const target = current === null ? null : visibleAncestor(current, context.branches, context.open);
  const look = useCallback(
    (at: string | null) => flow.setViewport(viewFor(layout, { width, height }, at)),
    [flow, layout, width, height],
  );
  // A new picture or another size of the window: look anew.
  const latest = useRef(target);
  useEffect(() => {
    if (width > 0 && !moved.current) void look(latest.current);
  }, [look, width, moved]);
  // The current stage went on: follow it only if it left the view.
  useEffect(() => {
    latest.current = target;
    const size = { width, height };
    const seen = target === null || width === 0 || isInView(layout, size, flow.getViewport(), target);
    if (!seen && !moved.current) void look(target);
  }, [target, look, flow, layout, width, height, moved]);
  const zoom = (by: typeof flow.zoomIn) => {
    onMoved(true);
    void by({ duration: 150 });
  };
  const lookAtAll = () => {
    onMoved(true);
    void look(null);
  };
  const follow = () => {
    onMoved(false);
    void look(target);
  };
  return (
    <Panel position="bottom-left" className="!m-2 flex rounded-md border bg-surface">
      <IconButton size="sm" label={t('zoomOut')} onClick={() => zoom(flow.zoomOut)}>
        <Minus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('zoomIn')} onClick={() => zoom(flow.zoomIn)}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('fit')} onClick={lookAtAll}>
        <Maximize2 aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('follow')} onClick={follow}>
        <Crosshair aria-hidden />
      </IconButton>
    </Panel>
  );
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
    // React Flow lets the mouse through to nodes that it does not move or select itself.
    style: { pointerEvents: 'all' },
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
