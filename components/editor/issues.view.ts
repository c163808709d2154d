import { z } from 'zod';
import type { Draft } from '@/components/editor/draft.view';

/** Something that keeps the pipeline from being saved; `path` is dotted into the definition. */
export const issueSchema = z.object({ path: z.string(), message: z.string() });
export interface Issue extends z.infer<typeof issueSchema> {
  /** Nothing is wrong there: something only has to be said yet. */
  readonly isMissing?: boolean;
}

export const EDITOR_TABS = ['stages', 'parameters', 'triggers', 'rules', 'json', 'diff'] as const;
export type EditorTab = (typeof EDITOR_TABS)[number];

export type PlainProblem = 'name' | 'missing' | 'empty' | 'choice' | 'shape';

/** What stands at a dotted path; undefined when nothing does. */
function valueAt(definition: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      definition,
    );
}

/** Whether an issue is about something that nobody has said anything for yet, whatever it then asks for. */
export function isUnsaid({ path }: Issue, definition: unknown): boolean {
  const value = valueAt(definition, path);
  return typeof value === 'object' ? Object.keys(value ?? {}).length === 0 : (value ?? '') === '';
}

/**
 * Tells what someone has not come to yet from what is wrong: missing fields of stages that were only just
 * added, or of everything (`true`) in a pipeline of which nothing was typed yet.
 */
export function sortIssues(
  all: readonly Issue[],
  draft: Draft,
  fresh: ReadonlySet<string> | true,
): { readonly issues: readonly Issue[]; readonly hints: readonly Issue[] } {
  const isHint = (issue: Issue) =>
    issue.isMissing === true && (fresh === true || fresh.has(stageOf(issue, draft) ?? ''));
  return { issues: all.filter((issue) => !isHint(issue)), hints: all.filter(isHint) };
}

/** What schemas say most often, as keys of texts that a person filling in a form understands; null for all else. */
export function plainProblem({ path, message }: Issue, definition: unknown): PlainProblem | null {
  if (/(^|\.)name$/.test(path) && (valueAt(definition, path) ?? '') === '') return 'name';
  if (message.endsWith('received undefined')) return 'missing';
  if (/^Too small: expected (array|string) to have >=1 /.test(message)) return 'empty';
  if (message.startsWith('Invalid option: '))
    return valueAt(definition, path) === undefined ? 'missing' : 'choice';
  return message.startsWith('Invalid string: must match pattern ') ? 'shape' : null;
}

/** Where a person mends it. */
export function tabOf({ path }: Issue): EditorTab {
  const [first] = path.split('.');
  switch (first) {
    case 'stages':
    case 'parameters':
    case 'triggers':
      return first;
    default:
      return 'rules';
  }
}

/** The fields on the way to an issue, outermost first; `entry` counts from 1 in those that are lists. */
export function fieldsIn(
  path: string,
): readonly { readonly name: string; readonly within: string; readonly entry: number | null }[] {
  const parts = path
    .replace(/^(stages|parameters|triggers)\.\d+\.?/, '')
    .split('.')
    .filter(Boolean);
  // What a stage or trigger is told stands in a field of its own that no one sees as one.
  const told = parts[0] === 'config' ? parts.slice(1) : parts;
  const shown = parts[0] === 'config' && told[0] === 'options' ? ['strategyOptions', ...told.slice(1)] : told;
  return shown.flatMap((name, at) => {
    if (/^\d+$/.test(name)) return [];
    const next = shown[at + 1] ?? '';
    const within = shown.slice(0, at).findLast((part) => !/^\d+$/.test(part)) ?? '';
    return [{ name, within, entry: /^\d+$/.test(next) ? Number(next) + 1 : null }];
  });
}

/** The refId of the stage an issue is about. */
export function stageOf({ path }: Issue, { stages }: Draft): string | null {
  const index = /^stages\.(\d+)/.exec(path)?.[1];
  return index === undefined ? null : (stages[Number(index)]?.refId ?? null);
}

/** How many issues each stage has. */
export function issueCounts(issues: readonly Issue[], draft: Draft): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const issue of issues) {
    const refId = stageOf(issue, draft);
    if (refId !== null) counts.set(refId, (counts.get(refId) ?? 0) + 1);
  }
  return counts;
}

/** Issues of a field itself, or of all that lies in it. */
export function issuesAt(
  issues: readonly Issue[],
  path: string,
  depth: 'self' | 'within' = 'self',
): readonly Issue[] {
  return issues.filter(
    (issue) => issue.path === path || (depth === 'within' && issue.path.startsWith(`${path}.`)),
  );
}
