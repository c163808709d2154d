'use client';

import { Plus, X } from 'lucide-react';
import { type Dispatch, memo, useId } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftStage } from '@/components/editor/draft.view';
import type { EditorAction } from '@/components/editor/editor.view';
import { useEditor } from '@/components/editor/editor-context';
import { FieldFrame } from '@/components/editor/form/schema-field';
import { followersOf } from '@/components/editor/graph-edits.view';
import { issuesAt } from '@/components/editor/issues.view';
import { Select } from '@/components/ui/select';

/** What a stage runs after, by keyboard as well as by pulling lines. Those that come after it are not offered. */
export function RequiresField({ stage, path }: { stage: DraftStage; path: string }) {
  const t = useTranslations('editor');
  const { draft, dispatch, issues, readOnly } = useEditor();
  const id = useId();
  const followers = followersOf(draft, stage.refId);
  const possible = draft.stages.filter(
    ({ refId }) => refId !== stage.refId && !stage.requires.includes(refId) && !followers.has(refId),
  );
  const nameOf = (refId: string) => draft.stages.find((one) => one.refId === refId)?.name || refId;
  return (
    <FieldFrame
      id={id}
      path={path}
      group
      label={t('runsAfter')}
      problems={issuesAt(issues, path, 'within').map((issue) => issue.message)}
    >
      <div className="flex flex-wrap items-center gap-1.5">
        {stage.requires.length === 0 ? (
          <span className="text-muted text-sm">{t('runsFirst')}</span>
        ) : (
          stage.requires.map((refId) => (
            <span
              key={refId}
              className="inline-flex h-7 max-w-full items-center gap-1 rounded-md border bg-sunken pr-0.5 pl-2 text-sm"
            >
              <span className="truncate">{nameOf(refId)}</span>
              {readOnly ? null : (
                <button
                  type="button"
                  aria-label={t('notAfter', { stage: nameOf(refId) })}
                  onClick={() => dispatch({ type: 'disconnect', from: refId, to: stage.refId })}
                  className="inline-flex size-6 items-center justify-center rounded-sm text-muted hover:bg-surface hover:text-ink"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </span>
          ))
        )}
        {readOnly || possible.length === 0 ? null : (
          <StagePicker refId={stage.refId} stages={possible} dispatch={dispatch} />
        )}
      </div>
    </FieldFrame>
  );
}

interface StagePickerProps {
  readonly refId: string;
  readonly stages: readonly DraftStage[];
  readonly dispatch: Dispatch<EditorAction>;
}

function AnyStagePicker({ refId, stages, dispatch }: StagePickerProps) {
  const t = useTranslations('editor');
  return (
    <span className="inline-flex items-center">
      <Plus aria-hidden className="size-4 text-muted" />
      <Select
        aria-label={t('addRequires')}
        value={undefined}
        placeholder={t('stage')}
        onValueChange={(from) => dispatch({ type: 'connect', from, to: refId })}
        options={stages.map((stage) => ({
          value: stage.refId,
          label: stage.name || stage.refId,
          hint: <code className="font-mono">{stage.refId}</code>,
        }))}
      />
    </span>
  );
}

/** Draws an entry for every stage even while closed: with hundreds of them not at every key that is pressed. */
const StagePicker = memo(
  AnyStagePicker,
  (before, after) =>
    before.refId === after.refId &&
    before.stages.length === after.stages.length &&
    before.stages.every((stage, at) => stage === after.stages[at]),
);
