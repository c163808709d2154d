import type { Segment, Toggle } from '@/server/domain/toggles';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { checkFile, refusal } from '@/server/toggles/validate';
import { segmentIssues, toggleIssues } from '@/server/toggles/validate/validate-toggle';

export interface Checked {
  /** All that there will be, the changed ones as they will be. */
  readonly toggles: ReadonlyMap<string, Toggle>;
  readonly segments: readonly Segment[];
  /** Keys of the toggles that change. */
  readonly changed: readonly string[];
  readonly now: Date;
}

/**
 * Refuses a change that any environment could not serve: what changes is looked at in itself, with all that needs it
 * or is needed by it, and then compiled as it will be served.
 * @throws AppError unprocessable with `details.issues`.
 */
export function requireSound({ toggles, segments, changed, now }: Checked): void {
  const wrong = segmentIssues(segments);
  if (wrong.length > 0) throw refusal(wrong.map((one) => ({ ...one, path: `segments.${one.path}` })));
  const all = [...toggles.values()];
  const affected = withDependents(changed, all);
  const issues = affected.flatMap((key) => {
    const toggle = toggles.get(key);
    if (!toggle) return [];
    const found = toggleIssues(toggle, { toggles: all, segments });
    // Somebody else's place must be named; one's own is understood.
    return changed.includes(key) ? found : found.map((one) => ({ ...one, path: `${key}.${one.path}` }));
  });
  if (issues.length > 0) throw refusal(issues);
  const needed = withPrerequisites(affected, toggles);
  const environments = new Set(changed.flatMap((key) => Object.keys(toggles.get(key)?.environments ?? {})));
  for (const environment of environments) {
    const { file } = compileEnvironment({
      environment,
      toggles: all,
      segments,
      facts: { versions: {} },
      now,
    });
    const flags = Object.fromEntries(Object.entries(file.flags).filter(([key]) => needed.has(key)));
    const check = checkFile({ ...file, flags });
    if (!check.ok) throw refusal(check.issues);
  }
}

/** The toggles, and all that would be served otherwise because they are, in any environment. */
export function withDependents(keys: readonly string[], all: readonly Toggle[]): string[] {
  const found = new Set(keys);
  for (const key of found) {
    for (const one of all) if (needs(one).includes(key)) found.add(one.key);
  }
  return [...found];
}

/** The toggles with all that they need, directly or not. */
export function withPrerequisites(
  keys: readonly string[],
  toggles: ReadonlyMap<string, Toggle>,
): Set<string> {
  const found = new Set(keys);
  for (const key of found) {
    const toggle = toggles.get(key);
    if (toggle) for (const needed of needs(toggle)) found.add(needed);
  }
  return found;
}

function needs({ environments }: Toggle): string[] {
  return Object.values(environments).flatMap(({ prerequisites }) =>
    prerequisites.map(({ toggle }) => toggle),
  );
}
