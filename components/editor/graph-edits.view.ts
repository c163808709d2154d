import type { Draft, DraftStage, JsonObject } from '@/components/editor/draft.view';
import { refIdSchema } from '@/server/domain/pipeline';

/** Why an edit was not made; `key` is one of the `refused` texts of the catalogue. */
export interface Refusal {
  readonly refused: 'circle' | 'refIdShape' | 'refIdTaken' | 'unknownStage';
  readonly values: Readonly<Record<string, string>>;
}

/** Where a new stage goes. */
export type Where =
  /** Nothing comes before it. */
  | { readonly kind: 'start' }
  /** Between a stage and all that follow it. */
  | { readonly kind: 'after'; readonly refId: string }
  /** Along with a stage: after what it comes after, before what waits for it. */
  | { readonly kind: 'beside'; readonly refId: string };

export interface NewStage {
  readonly type: string;
  readonly name: string;
  readonly config: JsonObject;
}

type GraphStages = { readonly stages: readonly Pick<DraftStage, 'refId' | 'requires'>[] };

/** What keeps stages from being a graph that can be drawn and run, and where; null when nothing does. */
export function graphProblem({ stages }: GraphStages): { path: string; message: string } | null {
  const seen = new Set<string>();
  for (const [index, { refId }] of stages.entries()) {
    if (seen.has(refId)) return { path: `stages.${index}.refId`, message: `"${refId}" is used twice` };
    seen.add(refId);
  }
  for (const [index, { requires }] of stages.entries()) {
    const missing = requires.findIndex((ref) => !seen.has(ref));
    if (missing >= 0) {
      const message = `there is no stage "${requires[missing]}"`;
      return { path: `stages.${index}.requires.${missing}`, message };
    }
  }
  const circle = circleOf(stages);
  if (circle.length === 0) return null;
  const index = stages.findIndex(({ refId }) => refId === circle[0]);
  const message = `stages require each other in a circle, among ${circle.join(', ')}`;
  return { path: `stages.${index}.requires`, message };
}

/** Takes away, again and again, what requires nothing that is left; a circle is what remains. */
function circleOf(stages: GraphStages['stages']): string[] {
  let left = [...stages];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const names = new Set(left.map((stage) => stage.refId));
    left = left.filter((stage) => stage.requires.some((ref) => names.has(ref)));
  }
  return left.map((stage) => stage.refId);
}

/** A refId that says what the stage is and is not used yet. */
export function freeRefId({ stages }: Draft, wish: string): string {
  const base = wish.replaceAll(/[^a-zA-Z0-9_-]+/g, '-').replaceAll(/^[^a-zA-Z0-9]+|-+$/g, '') || 'stage';
  const used = new Set(stages.map((stage) => stage.refId));
  let free = base.slice(0, 56);
  for (let count = 2; used.has(free); count++) free = `${base.slice(0, 56)}-${count}`;
  return free;
}

/** Adds a stage; answers its refId as well, so that it can be selected. */
export function addStage(draft: Draft, stage: NewStage, where: Where): { draft: Draft; refId: string } {
  const refId = freeRefId(draft, stage.type);
  const anchor = where.kind === 'start' ? undefined : draft.stages.find((one) => one.refId === where.refId);
  const requires = !anchor ? [] : where.kind === 'after' ? [anchor.refId] : anchor.requires;
  const added: DraftStage = { refId, type: stage.type, name: stage.name, requires, config: stage.config };
  const stages = draft.stages.map((one) => {
    if (!anchor || !one.requires.includes(anchor.refId)) return one;
    return where.kind === 'after'
      ? { ...one, requires: replaced(one.requires, anchor.refId, [refId]) }
      : { ...one, requires: [...one.requires, refId] };
  });
  // Right behind its anchor: the order of the text is the order in which people read it.
  const at = anchor ? draft.stages.indexOf(anchor) + 1 : stages.length;
  return { draft: { ...draft, stages: stages.toSpliced(at, 0, added) }, refId };
}

/** Takes a stage out; what waited for it waits for what it waited for. */
export function removeStage(draft: Draft, refId: string): Draft {
  const gone = draft.stages.find((stage) => stage.refId === refId);
  if (!gone) return draft;
  const stages = draft.stages
    .filter((stage) => stage !== gone)
    .map((stage) =>
      stage.requires.includes(refId)
        ? { ...stage, requires: replaced(stage.requires, refId, gone.requires) }
        : stage,
    );
  return { ...draft, stages };
}

/** Puts a copy beside a stage. */
export function duplicateStage(draft: Draft, refId: string): { draft: Draft; refId: string } | null {
  const original = draft.stages.find((stage) => stage.refId === refId);
  if (!original) return null;
  const copy = addStage(draft, original, { kind: 'beside', refId });
  const stages = copy.draft.stages.map((stage) =>
    stage.refId === copy.refId ? { ...original, refId: copy.refId, requires: stage.requires } : stage,
  );
  return { draft: { ...copy.draft, stages }, refId: copy.refId };
}

/** Sets what a stage runs after. */
export function setRequires(draft: Draft, refId: string, requires: readonly string[]): Draft | Refusal {
  const wanted = [...new Set(requires)];
  const unknown = wanted.find((ref) => !draft.stages.some((stage) => stage.refId === ref));
  if (unknown !== undefined) return { refused: 'unknownStage', values: { stage: unknown } };
  const stages = draft.stages.map((stage) =>
    stage.refId === refId ? { ...stage, requires: wanted } : stage,
  );
  if (circleOf(stages).length > 0) {
    const before = wanted.find((ref) => ref === refId || comesBefore(draft, refId, ref)) ?? refId;
    return { refused: 'circle', values: { stage: nameOf(draft, refId), before: nameOf(draft, before) } };
  }
  return { ...draft, stages };
}

/** Whether one stage has ended when another starts. */
export function comesBefore({ stages }: GraphStages, first: string, later: string): boolean {
  const byRef = new Map(stages.map((stage) => [stage.refId, stage]));
  const seen = new Set<string>();
  const open = [...(byRef.get(later)?.requires ?? [])];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (ref === first) return true;
    if (seen.has(ref)) continue;
    seen.add(ref);
    open.push(...(byRef.get(ref)?.requires ?? []));
  }
  return false;
}

/** Everything that waits for a stage, directly or not. */
export function followersOf({ stages }: GraphStages, refId: string): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const stage of stages) {
    for (const ref of stage.requires) next.set(ref, [...(next.get(ref) ?? []), stage.refId]);
  }
  const found = new Set<string>();
  const open = [refId];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    for (const follower of next.get(ref) ?? []) {
      if (found.has(follower)) continue;
      found.add(follower);
      open.push(follower);
    }
  }
  return found;
}

/** Gives a stage another refId, wherever the pipeline speaks of it: what runs after it, and expressions. */
export function renameStage(draft: Draft, refId: string, next: string): Draft | Refusal {
  if (next === refId) return draft;
  if (!refIdSchema.safeParse(next).success) return { refused: 'refIdShape', values: { refId: next } };
  if (draft.stages.some((stage) => stage.refId === next)) {
    return { refused: 'refIdTaken', values: { refId: next } };
  }
  const stages = draft.stages.map((stage) => {
    const when =
      typeof stage['when'] === 'string' ? { when: renamedIn(stage['when'], refId, next) } : undefined;
    return {
      ...stage,
      ...when,
      refId: stage.refId === refId ? next : stage.refId,
      requires: stage.requires.map((ref) => (ref === refId ? next : ref)),
      config: renamedDeep(stage.config, refId, next),
    };
  });
  return { ...draft, stages };
}

/** Only texts with an expression in them speak of stages. */
function renamedDeep<Value>(value: Value, refId: string, next: string): Value {
  const visit = (part: unknown): unknown => {
    if (typeof part === 'string') return part.includes('${') ? renamedIn(part, refId, next) : part;
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, visit(one)]));
  };
  // Texts stay texts and objects keep their keys.
  return visit(value) as Value;
}

function renamedIn(text: string, refId: string, next: string): string {
  const name = refId.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`);
  const access = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(next) ? `stages.${next}` : `stages["${next}"]`;
  return text.replaceAll(
    new RegExp(String.raw`\bstages(?:\.${name}(?![\w-])|\[(["'])${name}\1\])`, 'g'),
    () => access,
  );
}

function replaced(requires: readonly string[], refId: string, by: readonly string[]): string[] {
  return [...new Set(requires.flatMap((ref) => (ref === refId ? by : [ref])))];
}

function nameOf({ stages }: Draft, refId: string): string {
  return stages.find((stage) => stage.refId === refId)?.name || refId;
}
