import { isComplete, type Status } from '@/server/domain/status';

/** What the tree and the graph need to know of a stage; the API's `StageView` fits. */
export interface TreeStage {
  readonly refId: string;
  readonly parentRefId: string | null;
  readonly requires: readonly string[];
  readonly status: Status;
  readonly startedAt: string | null;
  /** What it waits for; a definition has none. */
  readonly waiting?: { readonly kind: string } | null;
}

export interface StageBranch<S extends TreeStage> {
  readonly stage: S;
  readonly children: readonly StageBranch<S>[];
  readonly depth: number;
}

/**
 * Stages as a tree, siblings in the order in which they run. A stage whose parent is not in the list
 * is shown at the top rather than lost.
 */
export function buildTree<S extends TreeStage>(stages: readonly S[]): StageBranch<S>[] {
  const known = new Set(stages.map((stage) => stage.refId));
  const byParent = new Map<string | null, S[]>();
  for (const stage of stages) {
    const parent = stage.parentRefId !== null && known.has(stage.parentRefId) ? stage.parentRefId : null;
    const siblings = byParent.get(parent);
    if (siblings) siblings.push(stage);
    else byParent.set(parent, [stage]);
  }
  const grow = (parent: string | null, depth: number): StageBranch<S>[] =>
    inRunningOrder(byParent.get(parent) ?? []).map((stage) => ({
      stage,
      children: grow(stage.refId, depth + 1),
      depth,
    }));
  return grow(null, 0);
}

/** Kahn's order, one chain after the other, in the given order where several may begin. */
export function inRunningOrder<S extends Pick<TreeStage, 'refId' | 'requires'>>(siblings: readonly S[]): S[] {
  const open = new Map<string, number>();
  const dependents = new Map<string, S[]>();
  const names = new Set(siblings.map((stage) => stage.refId));
  for (const stage of siblings) {
    const upstream = stage.requires.filter((ref) => names.has(ref));
    open.set(stage.refId, upstream.length);
    for (const ref of upstream) dependents.set(ref, [...(dependents.get(ref) ?? []), stage]);
  }
  const ordered: S[] = [];
  // A stack: what a stage frees comes right after it, so that the steps of one region stay together.
  const ready = siblings.filter((stage) => open.get(stage.refId) === 0).reverse();
  for (let done = ready.pop(); done !== undefined; done = ready.pop()) {
    ordered.push(done);
    for (const next of (dependents.get(done.refId) ?? []).toReversed()) {
      const left = (open.get(next.refId) ?? 0) - 1;
      open.set(next.refId, left);
      if (left === 0) ready.push(next);
    }
  }
  if (ordered.length === siblings.length) return ordered;
  // A cycle cannot be stored, but a stage must never vanish from the screen because of one.
  return [...ordered, ...siblings.filter((stage) => !ordered.includes(stage))];
}

/** Which sibling comes before which, as pairs of refIds. */
export function siblingEdges<S extends TreeStage>(
  siblings: readonly StageBranch<S>[],
): (readonly [from: string, to: string])[] {
  const names = new Set(siblings.map((branch) => branch.stage.refId));
  return siblings.flatMap(({ stage }) =>
    stage.requires.filter((ref) => names.has(ref)).map((ref) => [ref, stage.refId] as const),
  );
}

/** How far the parts of a parent are. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export function progressOf<S extends TreeStage>(branch: StageBranch<S>): Progress | null {
  if (branch.children.length === 0) return null;
  const done = branch.children.filter((child) => isComplete(child.stage.status)).length;
  return { done, total: branch.children.length };
}

const UNFOLDED: ReadonlySet<Status> = new Set(['running', 'paused', 'failed', 'errored', 'stopped']);

/** Whether a parent shows its parts unless a person decided otherwise: what moves or went wrong is open. */
export function unfoldsByItself(status: Status): boolean {
  return UNFOLDED.has(status);
}

/** An execution of so few stages is shown whole: folding would only hide what happened. */
const SMALL = 24;

function sizeOf<S extends TreeStage>(tree: readonly StageBranch<S>[]): number {
  return tree.reduce((sum, branch) => sum + 1 + sizeOf(branch.children), 0);
}

/** Parents that are open, after what people clicked (`refId → open`). */
export function openParents<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  chosen: ReadonlyMap<string, boolean>,
): Set<string> {
  const open = new Set<string>();
  const whole = sizeOf(tree) <= SMALL;
  const visit = (branch: StageBranch<S>): void => {
    if (branch.children.length === 0) return;
    if (chosen.get(branch.stage.refId) ?? (whole || unfoldsByItself(branch.stage.status)))
      open.add(branch.stage.refId);
    for (const child of branch.children) visit(child);
  };
  for (const branch of tree) visit(branch);
  return open;
}

const MOVING: readonly Status[] = ['running', 'paused'];
const WENT_WRONG: ReadonlySet<Status> = new Set(['errored', 'failed', 'stopped']);

/**
 * The stage to look at first: the deepest that moves, else the one that waits, else of those that people
 * wrote the one that decided how it ended. That one holds the reason; its parts only hold how it came about.
 */
export function currentStage<S extends TreeStage>(stages: readonly S[]): S | null {
  const parents = new Set(stages.map((stage) => stage.parentRefId));
  const leaves = stages.filter((stage) => !parents.has(stage.refId));
  for (const status of MOVING) {
    const found = leaves.find((stage) => stage.status === status);
    if (found) return found;
  }
  // A closed window, or a place among those that run: it has not begun, but it is what all wait for.
  const waits = stages.find((stage) => stage.waiting && !isComplete(stage.status));
  return waits ?? decidingStage(topStages(stages));
}

function topStages<S extends TreeStage>(stages: readonly S[]): S[] {
  const known = new Set(stages.map((stage) => stage.refId));
  return inRunningOrder(stages.filter(({ parentRefId }) => parentRefId === null || !known.has(parentRefId)));
}

/** The first that went wrong, else the first that was canceled in its run, else the last that began. */
function decidingStage<S extends TreeStage>(top: readonly S[]): S | null {
  const begun = top.filter((stage) => stage.startedAt !== null);
  return (
    top.find((stage) => WENT_WRONG.has(stage.status)) ??
    begun.find((stage) => stage.status === 'canceled') ??
    begun.reduce<S | null>(
      (last, stage) => (last === null || (stage.startedAt ?? '') >= (last.startedAt ?? '') ? stage : last),
      null,
    ) ??
    top[0] ??
    null
  );
}

/** The stage itself, or the outermost folded parent that hides it. */
export function visibleAncestor<S extends TreeStage>(
  refId: string,
  branches: ReadonlyMap<string, StageBranch<S>>,
  open: ReadonlySet<string>,
): string {
  let shown = refId;
  let parent = branches.get(refId)?.stage.parentRefId ?? null;
  while (parent !== null && branches.has(parent)) {
    if (!open.has(parent)) shown = parent;
    parent = branches.get(parent)?.stage.parentRefId ?? null;
  }
  return shown;
}

/** Every stage of the tree from top to bottom. */
export function allRows<S extends TreeStage>(tree: readonly StageBranch<S>[]): StageBranch<S>[] {
  return tree.flatMap((branch) => [branch, ...allRows(branch.children)]);
}

/** The open rows of the tree from top to bottom, as a list mode and arrow keys need them. */
export function visibleRows<S extends TreeStage>(
  tree: readonly StageBranch<S>[],
  open: ReadonlySet<string>,
): StageBranch<S>[] {
  return tree.flatMap((branch) => [
    branch,
    ...(open.has(branch.stage.refId) ? visibleRows(branch.children, open) : []),
  ]);
}
