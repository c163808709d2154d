'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { type Dispatch, useMemo, useReducer, useState } from 'react';
import { ConflictDialog } from '@/components/editor/conflict-dialog';
import { asDraft, type Draft } from '@/components/editor/draft.view';
import { type EditorAction, initialState, reduceEditor } from '@/components/editor/editor.view';
import { EditorContext, type EditorContextValue } from '@/components/editor/editor-context';
import { EditorHeader } from '@/components/editor/editor-header';
import { EditorTabs } from '@/components/editor/editor-tabs';
import { IssueList } from '@/components/editor/issue-list';
import { EDITOR_TABS, type EditorTab, type Issue, stageOf, tabOf } from '@/components/editor/issues.view';
import { LeaveDialog } from '@/components/editor/leave-dialog';
import { BrokenNotice, RefusalNotice, StaleNotice } from '@/components/editor/notices';
import { useCheck } from '@/components/editor/use-check';
import { useChoices } from '@/components/editor/use-choices';
import { useEditorKeys } from '@/components/editor/use-editor-keys';
import { useGoal } from '@/components/editor/use-goal';
import { useIssues } from '@/components/editor/use-issues';
import { useLeaveGuard } from '@/components/editor/use-leave-guard';
import { useSave } from '@/components/editor/use-save';
import { useText } from '@/components/editor/use-text';
import type { Catalogue, PipelineView } from '@/server/domain/views/admin';

interface EditorProps {
  readonly application: string;
  readonly catalogue: Catalogue;
  /** The pipeline as it is saved now; null for a new one. */
  readonly saved: PipelineView | null;
  /** What to begin with. */
  readonly start: Draft;
  readonly mayWrite: boolean;
  readonly onSaved: (name: string) => void;
}

/** The pipeline editor: one draft, seen as a graph, as forms and as text. */
export function Editor({ application, catalogue, saved, start, mayWrite, onSaved }: EditorProps) {
  const [state, dispatch] = useReducer(reduceEditor, start, initialState);
  const [base, setBase] = useState<Base | null>(() => baseOf(saved));
  const [hasSaved, setHasSaved] = useState(false);
  const [tab, setTab] = useEditorTab();
  const text = useText(state.draft, dispatch, base?.draft.name ?? null);
  const check = useCheck(application, state.draft);
  const choices = useChoices(application, state.draft, catalogue);
  const goTo = useIssueGoal(state.draft, dispatch, setTab);
  const { save, isSaving, theirs, forgetTheirs } = useSave({
    application,
    revision: base?.revision ?? null,
    onSaved: (draft, revision) => {
      setBase({ draft, revision });
      setHasSaved(true);
      onSaved(draft.name);
    },
  });
  const isDirty = text.broken !== null || JSON.stringify(state.draft) !== JSON.stringify(base?.draft);
  const { issues, hints, insist } = useIssues(check.issues, state, base === null);
  const blocked = !mayWrite || text.broken !== null || (check.isCurrent && issues.length > 0);
  const saveNow = () => {
    if (check.isCurrent && hints.length > 0) insist();
    else if (!blocked && isDirty) void save(state.draft);
  };
  useEditorKeys(dispatch, saveNow);
  const guard = useLeaveGuard(isDirty && mayWrite);
  const { draft, selected, panel } = state;
  const readOnly = !mayWrite || text.broken !== null;
  const context = useMemo<EditorContextValue>(
    () => ({ application, draft, selected, panel, dispatch, issues, hints, catalogue, choices, readOnly }),
    [application, draft, selected, panel, issues, hints, catalogue, choices, readOnly],
  );
  return (
    <EditorContext value={context}>
      <EditorHeader
        {...{ saved, isDirty, mayWrite, isSaving, blocked }}
        revision={base?.revision ?? null}
        isSaved={hasSaved && !isDirty}
        canUndo={state.past.length > 0}
        canRedo={state.future.length > 0}
        onSave={saveNow}
        onImport={(next) =>
          dispatch({ type: 'edit', draft: base === null ? next : { ...next, name: draft.name } })
        }
      />
      <div className="flex flex-col gap-2 pb-3">
        {text.broken ? (
          <BrokenNotice broken={text.broken} onShow={() => setTab('json')} onDiscard={text.discard} />
        ) : (
          <IssueList isChecked={check.issues !== null} maySave={mayWrite} onGo={goTo} />
        )}
        {state.refusal ? <RefusalNotice refusal={state.refusal} /> : null}
        {saved && base && saved.revision > base.revision && !isSaving ? (
          <StaleNotice saved={saved} onShow={() => setTab('diff')} />
        ) : null}
      </div>
      <EditorTabs {...{ tab, text, saved, mayWrite }} onTab={setTab} isNew={base === null} />
      <LeaveDialog to={guard.held} onStay={guard.stay} />
      <ConflictDialog
        theirs={theirs}
        draft={draft}
        onClose={forgetTheirs}
        onOverwrite={(other) => void save(draft, other.revision)}
        onTake={(other) => {
          const next = baseOf(other);
          if (next) {
            setBase(next);
            dispatch({ type: 'edit', draft: next.draft });
          }
          forgetTheirs();
        }}
      />
    </EditorContext>
  );
}

/** What a draft began at. */
interface Base {
  readonly draft: Draft;
  readonly revision: number;
}

function baseOf(saved: PipelineView | null): Base | null {
  const draft = saved && asDraft(saved.definition);
  return saved && draft ? { draft, revision: saved.revision } : null;
}

/** Leads to the field of an issue: its tab, its stage, and then itself. */
function useIssueGoal(draft: Draft, dispatch: Dispatch<EditorAction>, setTab: (tab: EditorTab) => void) {
  const goTo = useGoal();
  return (issue: Issue) => {
    setTab(tabOf(issue));
    const refId = stageOf(issue, draft);
    if (refId !== null) dispatch({ type: 'select', refId });
    goTo(issue.path);
  };
}

function useEditorTab() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(EDITOR_TABS).withDefault('stages'));
  return [tab, (next: EditorTab) => void setTab(next)] as const;
}
