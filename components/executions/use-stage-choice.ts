'use client';

import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { openGate } from '@/components/executions/execution.view';
import {
  allRows,
  buildTree,
  currentStage,
  openParents,
  visibleAncestor,
} from '@/components/graph/stage-tree.view';
import type { ExecutionView } from '@/server/domain/views/execution';

/** Which stage is looked at (in the URL), which parents are open, and the tree they stand in. */
export function useStageChoice(execution: ExecutionView) {
  const [chosen, setChosen] = useQueryState('stage', parseAsString);
  const [mode, setMode] = useQueryState('view', parseAsStringLiteral(['graph', 'list']).withDefault('graph'));
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { stages } = execution;
  const tree = useMemo(() => buildTree(stages), [stages]);
  const branches = useMemo(
    () => new Map(allRows(tree).map((branch) => [branch.stage.refId, branch])),
    [tree],
  );
  const open = useMemo(() => openParents(tree, toggled), [tree, toggled]);

  const known = chosen !== null && branches.has(chosen) ? chosen : null;
  const current = currentStage(stages)?.refId;
  const selected =
    known ?? openGate(execution)?.refId ?? (current ? visibleAncestor(current, branches, open) : null);
  const onSelect = useCallback((refId: string) => void setChosen(refId), [setChosen]);
  const onToggle = useCallback(
    (refId: string) => setToggled((before) => new Map(before).set(refId, !open.has(refId))),
    [open],
  );
  return { tree, branches, open, selected, chosen: known, onSelect, onToggle, setChosen, mode, setMode };
}
