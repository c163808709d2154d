import { z } from 'zod';
import type { Draft } from '@/components/editor/draft.view';

/** Something that keeps the pipeline from being saved; `path` is dotted into the definition. */
export const issueSchema = z.object({ path: z.string(), message: z.string() });
export type Issue = z.infer<typeof issueSchema>;

export const EDITOR_TABS = ['stages', 'parameters', 'triggers', 'rules', 'json', 'diff'] as const;
export type EditorTab = (typeof EDITOR_TABS)[number];

/** What schemas say most often, as keys of texts that a person filling in a form understands; null for all else. */
export function plainProblem({ message }: Issue): 'missing' | 'empty' | 'choice' | 'shape' | null {
  if (message.endsWith('received undefined')) return 'missing';
  if (/^Too small: expected (array|string) to have >=1 /.test(message)) return 'empty';
  if (message.startsWith('Invalid option: ')) return 'choice';
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
