'use client';

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo, useState } from 'react';
import { useGraph } from '@/components/graph/graph-context';
import type { PlacedNode } from '@/components/graph/graph-layout.view';
import { FoldButton, StageFace, stateOf, useStageText } from '@/components/graph/stage-face';
import type { StageBranch } from '@/components/graph/stage-tree.view';
import { EXECUTION_LOOK } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import type { Tone } from '@/components/ui/tone';
import { Tooltip } from '@/components/ui/tooltip';
import type { StageView } from '@/server/domain/views/execution';

export type StageNodeType = Node<{ readonly kind: PlacedNode['kind'] }, 'stage'>;

const EDGE_TONE: Readonly<Record<Tone, string>> = {
  clear: 'border-line-strong',
  caution: 'border-caution',
  danger: 'border-danger',
  moving: 'border-moving',
  off: 'border-line',
  accent: 'border-accent',
  neutral: 'border-line',
};

/** One stage in the graph: a card, a step inside a card, or a card unfolded around its steps. */
function StageNodeInner({ id, data }: NodeProps<StageNodeType>) {
  const { branches, open, selected, asDefinition = false, onSelect, onToggle } = useGraph();
  const branch = branches.get(id);
  if (!branch) return null;
  const state = stateOf(branch.stage);
  const foldable = branch.children.length > 0;
  const isGroup = data.kind === 'group';
  const isStep = data.kind === 'step';
  return (
    <div
      className={cn(
        'flex size-full flex-col rounded-lg border transition-colors duration-150',
        isGroup ? 'bg-canvas' : 'bg-surface',
        EDGE_TONE[EXECUTION_LOOK[state].tone],
        state === 'pending' && !isGroup && !asDefinition && 'border-dashed',
        selected === id && 'outline-2 outline-accent outline-offset-1',
      )}
    >
      <div
        className={cn(
          'flex items-center',
          isStep ? 'p-1.5 pl-2.5' : 'p-2.5',
          isGroup ? 'rounded-t-lg border-b bg-surface' : 'flex-1',
        )}
      >
        <FaceButton
          branch={branch}
          size={isStep ? 'step' : 'card'}
          asDefinition={asDefinition}
          pressed={selected === id}
          onPress={() => onSelect(id)}
        />
        {foldable ? <FoldButton branch={branch} open={open.has(id)} onToggle={() => onToggle(id)} /> : null}
      </div>
      {/* React Flow draws an edge only between handles; ours follow ELK's points instead. */}
      <Handle type="target" position={Position.Left} isConnectable={false} className="invisible" />
      <Handle type="source" position={Position.Right} isConnectable={false} className="invisible" />
    </div>
  );
}

interface FaceButtonProps {
  readonly branch: StageBranch<StageView>;
  readonly size: 'card' | 'step';
  readonly asDefinition: boolean;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

/** Chooses the stage. What is cut of it is told to a keyboard as well: titles only appear below a mouse. */
function FaceButton({ branch, size, asDefinition, pressed, onPress }: FaceButtonProps) {
  const { name, detail } = useStageText(branch);
  const [told, setTold] = useState(false);
  return (
    <Tooltip open={told} content={detail ? `${name} · ${detail}` : name}>
      <button
        type="button"
        aria-pressed={pressed}
        onClick={onPress}
        onFocus={({ currentTarget }) =>
          setTold(currentTarget.matches(':focus-visible') && isCut(currentTarget))
        }
        onBlur={() => setTold(false)}
        className="nodrag nopan flex min-w-0 flex-1 cursor-pointer rounded-sm"
      >
        <StageFace branch={branch} size={size} asDefinition={asDefinition} />
      </button>
    </Tooltip>
  );
}

function isCut(face: HTMLElement): boolean {
  return [...face.querySelectorAll('[title]')].some((text) => text.scrollWidth > text.clientWidth);
}

export const StageNode = memo(StageNodeInner);
