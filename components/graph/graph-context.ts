'use client';

import { createContext, useContext } from 'react';
import type { StageBranch } from '@/components/graph/stage-tree.view';
import type { StageView } from '@/server/domain/views/execution';

/** What the cards of a graph need; by context, so that React Flow's nodes keep their identity. */
export interface GraphContextValue {
  readonly branches: ReadonlyMap<string, StageBranch<StageView>>;
  readonly open: ReadonlySet<string>;
  readonly selected: string | null;
  /** A pipeline as written: stages have a type but no status yet. */
  readonly asDefinition?: boolean;
  readonly onSelect: (refId: string) => void;
  readonly onToggle: (refId: string) => void;
}

export const GraphContext = createContext<GraphContextValue | null>(null);

export function useGraph(): GraphContextValue {
  const value = useContext(GraphContext);
  if (!value) throw new Error('a stage card was rendered outside of a graph');
  return value;
}
