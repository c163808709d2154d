'use client';

import { useEffect, useRef, useState } from 'react';
import { layoutWithElk } from '@/components/graph/elk';
import { fromElk, type GraphLayout, layoutKey, toElk } from '@/components/graph/graph-layout.view';
import type { StageBranch, TreeStage } from '@/components/graph/stage-tree.view';

export interface LayoutState {
  /** The last layout stays while the next is made, so that the picture never blinks. */
  readonly layout: GraphLayout | null;
  readonly failed: boolean;
}

/** Places the stages anew only when the structure changes; a status change costs nothing. */
export function useGraphLayout<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
): LayoutState {
  const [state, setState] = useState<LayoutState>({ layout: null, failed: false });
  const key = layoutKey(tree, open);
  const latest = useRef({ tree, open });
  useEffect(() => {
    latest.current = { tree, open };
  });
  useEffect(() => {
    let outdated = false;
    layoutWithElk(toElk(latest.current.tree, latest.current.open)).then(
      (placed) => {
        if (!outdated) setState({ layout: fromElk(placed), failed: false });
      },
      () => {
        if (!outdated) setState({ layout: null, failed: true });
      },
    );
    return () => {
      outdated = true;
    };
  }, [key]);
  return state;
}
