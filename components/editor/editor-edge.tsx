'use client';

import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { X } from 'lucide-react';
import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { type Point, pathThrough } from '@/components/graph/graph-layout.view';

export type EditorEdgeType = Edge<{ readonly points: readonly Point[] }, 'editor'>;

/** Which stage runs after which, and a button to part them. */
function EditorEdgeInner({ id, source, target, data, markerEnd }: EdgeProps<EditorEdgeType>) {
  const t = useTranslations('editor.graph');
  const { draft, dispatch, readOnly } = useEditor();
  if (!data) return null;
  const nameOf = (refId: string) => draft.stages.find((stage) => stage.refId === refId)?.name ?? refId;
  const label = t('disconnect', { from: nameOf(source), to: nameOf(target) });
  const middle = middleOf(data.points);
  return (
    <>
      <BaseEdge
        id={id}
        path={pathThrough(data.points)}
        markerEnd={markerEnd}
        style={{ stroke: 'var(--muted)' }}
      />
      {readOnly ? null : (
        <EdgeLabelRenderer>
          <button
            type="button"
            aria-label={label}
            title={label}
            onClick={() => dispatch({ type: 'disconnect', from: source, to: target })}
            style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}
            className="nodrag nopan pointer-events-auto absolute inline-flex size-5 items-center justify-center rounded-full border bg-surface text-muted opacity-0 transition-opacity hover:border-danger hover:text-danger-ink hover:opacity-100 focus-visible:opacity-100"
          >
            <X aria-hidden className="size-3" />
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

export const EditorEdge = memo(EditorEdgeInner);

/** Half way along the longest piece: there is most room. */
function middleOf(points: readonly Point[]): Point {
  let best = { length: -1, x: 0, y: 0 };
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (!from) continue;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length > best.length) best = { length, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  }
  return best;
}
