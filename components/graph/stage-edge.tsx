'use client';

import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { type Point, pathThrough } from '@/components/graph/graph-layout.view';

export type StageEdgeType = Edge<{ readonly points: readonly Point[]; readonly walked: boolean }, 'stage'>;

/** Follows the bend points of the layout, so that no line runs behind a card. */
function StageEdgeInner({ id, data, markerEnd }: EdgeProps<StageEdgeType>) {
  if (!data) return null;
  return (
    <BaseEdge
      id={id}
      path={pathThrough(data.points)}
      markerEnd={markerEnd}
      style={{
        stroke: data.walked ? 'var(--muted)' : 'var(--line-strong)',
        strokeWidth: data.walked ? 1.5 : 1.25,
      }}
    />
  );
}

export const StageEdge = memo(StageEdgeInner);
