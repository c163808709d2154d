'use client';

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useEditor } from '@/components/editor/editor-context';
import { StageSummary } from '@/components/editor/stage-summary';
import { cn } from '@/components/ui/cn';

export type EditorNodeType = Node<Record<string, never>, 'editor'>;

const HANDLE = 'size-2.5! rounded-full! border! border-line-strong! bg-surface! hover:bg-accent!';
/** Lines end in an arrow here, which a mark of its own would hide. */
const TARGET = 'size-4! border-0! bg-transparent!';

/** One stage in the graph of the editor. */
function EditorNodeInner({ id }: NodeProps<EditorNodeType>) {
  const { draft, selected, dispatch, readOnly } = useEditor();
  const stage = draft.stages.find((one) => one.refId === id);
  if (!stage) return null;
  return (
    <div
      className={cn(
        'flex size-full rounded-lg border bg-surface transition-colors duration-150 hover:border-line-strong',
        selected === id && 'outline-2 outline-accent outline-offset-1',
      )}
    >
      <button
        type="button"
        aria-pressed={selected === id}
        onClick={() => dispatch({ type: 'select', refId: id })}
        className="nodrag nopan flex min-w-0 flex-1 cursor-pointer items-center rounded-lg p-2.5"
      >
        <StageSummary stage={stage} />
      </button>
      <Handle
        type="target"
        position={Position.Left}
        isConnectable={!readOnly}
        className={cn(TARGET, readOnly && 'invisible')}
      />
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={!readOnly}
        className={cn(HANDLE, readOnly && 'invisible')}
      />
    </div>
  );
}

export const EditorNode = memo(EditorNodeInner);
