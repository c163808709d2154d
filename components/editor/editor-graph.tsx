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
import { Maximize2, Minus, Plus } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { EditorEdge, type EditorEdgeType } from '@/components/editor/editor-edge';
import { EditorNode, type EditorNodeType } from '@/components/editor/editor-node';
import { type GraphLayout, isInView, viewFor } from '@/components/graph/graph-layout.view';
import { buildTree } from '@/components/graph/stage-tree.view';
import { useGraphLayout } from '@/components/graph/use-graph-layout';
import { IconButton } from '@/components/ui/button';

const NODE_TYPES = { editor: EditorNode };
const EDGE_TYPES = { editor: EditorEdge };
const NOTHING_OPEN: ReadonlySet<string> = new Set();

/** The stages from left to right. Pulling a line from one to another makes the second run after the first. */
export function EditorGraph() {
  const { draft } = useEditor();
  const tree = useMemo(
    () =>
      buildTree(
        draft.stages.map(({ refId, requires }) => ({
          refId,
          requires,
          parentRefId: null,
          status: 'pending' as const,
          startedAt: null,
        })),
      ),
    [draft.stages],
  );
  const { layout } = useGraphLayout(tree, NOTHING_OPEN);
  if (!layout) return null;
  return (
    <ReactFlowProvider>
      <Flow layout={layout} />
    </ReactFlowProvider>
  );
}

function Flow({ layout }: { layout: GraphLayout }) {
  const t = useTranslations('editor.graph');
  const { dispatch, readOnly } = useEditor();
  const nodes = useMemo(() => toNodes(layout), [layout]);
  const edges = useMemo(() => toEdges(layout), [layout]);
  const moved = useRef(false);
  const onMoved = useCallback((now: boolean) => {
    moved.current = now;
  }, []);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onlyRenderVisibleElements
      nodesDraggable={false}
      nodesConnectable={!readOnly}
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
      // A circle is let through: the refusal says why it cannot be, which a line that snaps back does not.
      isValidConnection={({ source, target }) => source !== target}
      onConnect={({ source, target }) => dispatch({ type: 'connect', from: source, to: target })}
      aria-label={t('label')}
      className="[--xy-attribution-background-color-default:transparent]! [&_.react-flow\_\_attribution_a]:text-muted!"
    >
      <Camera layout={layout} moved={moved} onMoved={onMoved} />
    </ReactFlow>
  );
}

interface CameraProps {
  readonly layout: GraphLayout;
  /** Whether a person has chosen where to look and how closely. */
  readonly moved: Readonly<RefObject<boolean>>;
  readonly onMoved: (moved: boolean) => void;
}

/**
 * Looks at everything, or at the selected stage where everything would be too small. Once a person has
 * looked elsewhere it only follows them to a stage that they cannot see, as closely as they like.
 */
function Camera({ layout, moved, onMoved }: CameraProps) {
  const t = useTranslations('executions.graph');
  const { selected } = useEditor();
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const drawn = useRef<GraphLayout | null>(null);
  useEffect(() => {
    if (width === 0) return;
    const size = { width, height };
    const isSeen = selected !== null && isInView(layout, size, flow.getViewport(), selected);
    const isNew = drawn.current !== layout;
    drawn.current = layout;
    const node = layout.nodes.find(({ refId }) => refId === selected);
    if (isSeen && (moved.current || !isNew)) return;
    if (moved.current && node) {
      const { zoom } = flow.getViewport();
      void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom });
    } else if (!moved.current) void flow.setViewport(viewFor(layout, size, selected));
  }, [flow, layout, width, height, selected, moved]);
  const zoom = (by: typeof flow.zoomIn) => {
    onMoved(true);
    void by({ duration: 150 });
  };
  const fit = () => {
    onMoved(false);
    void flow.setViewport(viewFor(layout, { width, height }, null));
  };
  return (
    <Panel position="bottom-left" className="!m-2 flex rounded-md border bg-surface">
      <IconButton size="sm" label={t('zoomOut')} onClick={() => zoom(flow.zoomOut)}>
        <Minus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('zoomIn')} onClick={() => zoom(flow.zoomIn)}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton size="sm" label={t('fit')} onClick={fit}>
        <Maximize2 aria-hidden />
      </IconButton>
    </Panel>
  );
}

function toNodes(layout: GraphLayout): EditorNodeType[] {
  return layout.nodes.map((node) => ({
    id: node.refId,
    type: 'editor',
    position: { x: node.x, y: node.y },
    width: node.width,
    height: node.height,
    zIndex: 2,
    // React Flow lets the mouse through to nodes that it does not move or select itself.
    style: { pointerEvents: 'all' },
    data: {},
    handles: [
      { type: 'target', position: Position.Left, x: -5, y: node.height / 2 - 5, width: 10, height: 10 },
      {
        type: 'source',
        position: Position.Right,
        x: node.width - 5,
        y: node.height / 2 - 5,
        width: 10,
        height: 10,
      },
    ],
  }));
}

function toEdges(layout: GraphLayout): EditorEdgeType[] {
  return layout.edges.map((edge) => ({
    id: edge.id,
    type: 'editor',
    source: edge.source,
    target: edge.target,
    zIndex: 1,
    data: { points: edge.points },
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'var(--muted)' },
  }));
}
