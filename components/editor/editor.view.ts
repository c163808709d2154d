import type { Draft, JsonObject } from '@/components/editor/draft.view';
import {
  addStage,
  duplicateStage,
  graphProblem,
  type NewStage,
  type Refusal,
  removeStage,
  renameStage,
  setRequires,
  type Where,
} from '@/components/editor/graph-edits.view';

/** Everything the editor holds. `past` and `future` are whole drafts, so that undo is exact. */
export interface EditorState {
  readonly draft: Draft;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  readonly selected: string | null;
  /** Another number for each stage that is looked at; the same while that stage only changes its reference. */
  readonly panel: number;
  /** Stages that were added and that nobody has filled in yet. */
  readonly fresh: ReadonlySet<string>;
  /** Why the last edit was not made. */
  readonly refusal: Refusal | null;
  /** The field whose edits are still one step of undo. */
  readonly typing: string | null;
}

export type EditorAction =
  /** A form changed something: the whole next draft. */
  | { readonly type: 'edit'; readonly draft: Draft }
  | { readonly type: 'add'; readonly stage: NewStage; readonly where: Where }
  | { readonly type: 'remove' | 'duplicate' | 'select'; readonly refId: string }
  | { readonly type: 'rename'; readonly refId: string; readonly next: string }
  | { readonly type: 'require'; readonly refId: string; readonly requires: readonly string[] }
  | { readonly type: 'connect' | 'disconnect'; readonly from: string; readonly to: string }
  /** Typing in a field has ended: the next edit is a step of its own. */
  | { readonly type: 'settle' | 'undo' | 'redo' };

/** Undo further back than this would cost more memory than it is worth. */
const STEPS = 200;

export function initialState(draft: Draft): EditorState {
  return {
    draft,
    past: [],
    future: [],
    selected: draft.stages[0]?.refId ?? null,
    panel: 0,
    fresh: new Set(),
    refusal: null,
    typing: null,
  };
}

/** The editor's only way to change. Whatever comes, the draft stays a graph that can be drawn. */
export function reduceEditor(state: EditorState, action: EditorAction): EditorState {
  const next = reduce(state, action);
  const isSame = next.selected === state.selected || action.type === 'rename';
  return isSame ? next : { ...next, panel: state.panel + 1 };
}

function reduce(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case 'edit':
      return edit(state, action.draft);
    case 'add': {
      const added = addStage(state.draft, action.stage, action.where);
      const next = step(state, added.draft, added.refId);
      return { ...next, fresh: new Set([...state.fresh, added.refId]) };
    }
    case 'remove':
      return step(state, removeStage(state.draft, action.refId), neighbour(state, action.refId));
    case 'duplicate': {
      const copy = duplicateStage(state.draft, action.refId);
      return copy ? step(state, copy.draft, copy.refId) : state;
    }
    case 'rename':
      return rename(state, action.refId, action.next);
    case 'require':
      return attempt(state, setRequires(state.draft, action.refId, action.requires));
    case 'connect':
      return attempt(
        state,
        setRequires(state.draft, action.to, [...requiresOf(state, action.to), action.from]),
      );
    case 'disconnect': {
      const kept = requiresOf(state, action.to).filter((ref) => ref !== action.from);
      return attempt(state, setRequires(state.draft, action.to, kept));
    }
    case 'select':
      return seen({ ...state, selected: action.refId, refusal: null, typing: null });
    case 'settle':
      return state.typing === null ? state : { ...state, typing: null };
    case 'undo':
      return undo(state);
    case 'redo':
      return redo(state);
    default:
      return action satisfies never;
  }
}

function rename(state: EditorState, refId: string, to: string): EditorState {
  const next = attempt(state, renameStage(state.draft, refId, to), to);
  return state.fresh.has(refId) && next.refusal === null
    ? { ...next, fresh: new Set([...next.fresh, to]) }
    : next;
}

function requiresOf({ draft }: EditorState, refId: string): readonly string[] {
  return draft.stages.find((stage) => stage.refId === refId)?.requires ?? [];
}

/** What to look at when a stage is gone. */
function neighbour({ draft }: EditorState, refId: string): string | null {
  const at = draft.stages.findIndex((stage) => stage.refId === refId);
  return (draft.stages[at - 1] ?? draft.stages[at + 1])?.refId ?? null;
}

/** Stages of which nothing was filled in by an edit either. */
function stillFresh({ fresh, draft }: EditorState, next: Draft): ReadonlySet<string> {
  const before = new Map(draft.stages.map((stage) => [stage.refId, stage]));
  const same = next.stages.filter((stage) => fresh.has(stage.refId) && before.get(stage.refId) === stage);
  return same.length === fresh.size ? fresh : new Set(same.map((stage) => stage.refId));
}

function attempt(state: EditorState, result: Draft | Refusal, select = state.selected): EditorState {
  return isRefusal(result) ? { ...state, refusal: result } : step(state, result, select);
}

function isRefusal(result: Draft | Refusal): result is Refusal {
  return 'refused' in result;
}

/** Makes a draft the present one; what was undone before is forgotten. */
function step(state: EditorState, draft: Draft, selected = state.selected): EditorState {
  if (JSON.stringify(draft) === JSON.stringify(state.draft)) return { ...state, refusal: null };
  const past = [...state.past, state.draft].slice(-STEPS);
  return seen({ ...state, draft, past, future: [], selected, refusal: null, typing: null });
}

/** Typing on in one field is one step. */
function edit(state: EditorState, draft: Draft): EditorState {
  if (graphProblem(draft) !== null) return state;
  const field = changedField(state.draft, draft);
  if (field === null) return state;
  const next = step(state, draft);
  const goesOn = field !== '' && field === state.typing;
  const fresh = stillFresh(state, draft);
  return { ...next, fresh, typing: field, past: goesOn ? state.past : next.past };
}

/**
 * The dotted path of the one text or number that differs; '' when more or other than that does, null when
 * nothing does.
 */
export function changedField(before: unknown, after: unknown, path = ''): string | null {
  if (Object.is(before, after)) return null;
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.flatMap((key) => {
      const inner = changedField(before[key], after[key], path === '' ? key : `${path}.${key}`);
      return inner === null ? [] : [inner];
    });
    return changed.length === 0 ? null : changed.length === 1 ? (changed[0] ?? '') : '';
  }
  const typed = [before, after].every((value) => typeof value === 'string' || typeof value === 'number');
  return typed ? path : '';
}

function isContainer(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function undo(state: EditorState): EditorState {
  const draft = state.past.at(-1);
  if (!draft) return state;
  const past = state.past.slice(0, -1);
  const future = [state.draft, ...state.future];
  return seen({ ...state, draft, past, future, refusal: null, typing: null }, state.draft);
}

function redo(state: EditorState): EditorState {
  const [draft, ...future] = state.future;
  if (!draft) return state;
  const past = [...state.past, state.draft];
  return seen({ ...state, draft, past, future, refusal: null, typing: null }, state.draft);
}

/** What is selected must be there: where a stage has another reference now, the one in its place. */
function seen(state: EditorState, before = state.draft): EditorState {
  const { stages } = state.draft;
  if (stages.some((stage) => stage.refId === state.selected)) return state;
  const at = before.stages.findIndex((stage) => stage.refId === state.selected);
  const replacing = before.stages.length === stages.length ? stages[at] : undefined;
  return { ...state, selected: (replacing ?? stages[0])?.refId ?? null };
}
