'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { progressOf, type StageBranch } from '@/components/graph/stage-tree.view';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import {
  EXECUTION_LOOK,
  type ExecutionState,
  executionState,
  type ShapeName,
} from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { Duration } from '@/components/ui/time';
import { TONE_INK } from '@/components/ui/tone';
import { isComplete } from '@/server/domain/status';
import type { StageView } from '@/server/domain/views/execution';

export function stateOf(stage: StageView): ExecutionState {
  return executionState(stage.status, stage.waiting?.kind === 'person');
}

/** What a stage's name and second line say, wherever it is drawn. */
export function useStageText(branch: StageBranch<StageView>) {
  const t = useTranslations('executions.graph');
  const status = useTranslations('status');
  const say = useMessage();
  const { stage } = branch;
  const state = stateOf(stage);
  const word = status(EXECUTION_LOOK[state].messageKey);
  const progress = progressOf(branch);
  const { waiting } = stage;
  // "Waiting for a person" is the state's own word already.
  const reason =
    !isComplete(stage.status) && waiting && waiting.kind !== 'person' ? say(waiting.reason) : null;
  const trouble = stage.error ? say(stage.error) : null;
  return {
    name: say(stage.name),
    state,
    word,
    detail:
      trouble ?? reason ?? (progress && stage.status !== 'pending' ? t('progress', { ...progress }) : null),
    progress,
  };
}

interface StageFaceProps {
  readonly branch: StageBranch<StageView>;
  readonly size: 'card' | 'step';
  readonly asDefinition?: boolean;
}

/** Shape, name, word and time of a stage: the inside of every card and row. */
export function StageFace({ branch, size, asDefinition = false }: StageFaceProps) {
  const { name, state, word, detail, progress } = useStageText(branch);
  const { stage } = branch;
  const look = EXECUTION_LOOK[state];
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5 text-left">
      <span className="flex min-w-0 items-center gap-2">
        <Shape
          name={asDefinition ? typeShape(stage.type) : look.shape}
          tone={asDefinition && stage.type === 'manualJudgment' ? 'caution' : look.tone}
          className={size === 'card' ? 'size-3.5' : 'size-3'}
        />
        <span
          title={name}
          className={cn('min-w-0 flex-1 truncate', size === 'card' ? 'font-semibold text-sm' : 'text-xs')}
        >
          {name}
        </span>
        {stage.startedAt ? (
          <Duration from={stage.startedAt} to={stage.endedAt} className="shrink-0 text-2xs text-muted" />
        ) : null}
      </span>
      <span
        className={cn('flex min-w-0 items-center gap-1.5 text-2xs', size === 'card' ? 'pl-[22px]' : 'pl-5')}
      >
        {asDefinition ? (
          <code className="truncate font-mono text-muted">{stage.type}</code>
        ) : (
          <span className={cn('shrink-0 font-medium', TONE_INK[look.tone])}>{word}</span>
        )}
        {detail ? (
          <span title={detail} className="min-w-0 truncate text-muted">
            · {detail}
          </span>
        ) : null}
      </span>
      {progress && size === 'card' ? <ProgressBar {...progress} state={state} /> : null}
    </span>
  );
}

/** Where a person is asked is seen before it happens. */
function typeShape(type: string): ShapeName {
  return type === 'manualJudgment' ? 'triangle' : 'ring';
}

function ProgressBar({ done, total, state }: { done: number; total: number; state: ExecutionState }) {
  if (state === 'pending' || state === 'skipped') return null;
  return (
    <span aria-hidden className="mt-1 ml-[22px] block h-[3px] overflow-hidden rounded-full bg-sunken">
      <span
        className={cn(
          'block h-full rounded-full transition-[width] duration-150',
          BAR[EXECUTION_LOOK[state].tone],
        )}
        style={{ width: `${(done / Math.max(total, 1)) * 100}%` }}
      />
    </span>
  );
}

export const BAR = {
  clear: 'bg-clear',
  caution: 'bg-caution',
  danger: 'bg-danger',
  moving: 'bg-moving',
  off: 'bg-off',
  accent: 'bg-accent',
  neutral: 'bg-muted',
} as const;

interface FoldButtonProps {
  readonly branch: StageBranch<StageView>;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** Unfolds a stage's steps in place. */
export function FoldButton({ branch, open, onToggle }: FoldButtonProps) {
  const t = useTranslations('executions.graph');
  const say = useMessage();
  const name = say(branch.stage.name);
  const label = open ? t('fold', { name }) : t('unfold', { name, total: branch.children.length });
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      className="nodrag inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}
