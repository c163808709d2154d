import { AppError } from '@/server/domain/errors';
import { type FlagFile, type FlagIssue, flagFileSchema } from '@/server/domain/toggles';
import { type FlagSet, flagSet, type LoadedFlag, loadedFlag } from '@/server/toggles/flag-set';
import { isDeeperThan } from '@/server/toggles/json';
import { evaluatorIssues } from '@/server/toggles/validate/validate-evaluators';
import { checkFlag, MAX_DEPTH, shapeIssues } from '@/server/toggles/validate/validate-flag';

const fileHead = flagFileSchema.omit({ flags: true });

export type FileCheck =
  | { readonly ok: true; readonly set: FlagSet; readonly issues: readonly [] }
  | { readonly ok: false; readonly issues: readonly FlagIssue[] };

/**
 * A whole flagd file as anybody may have written it, every flag by itself, so that all that is wrong is said at once.
 * What is right comes back compiled.
 * @param previous flags that did not change since are taken from it: only the changed ones cost time.
 */
export function checkFile(content: unknown, previous?: FlagSet): FileCheck {
  // The file, its flags and one flag lie above what is counted for a flag.
  if (isDeeperThan(content, MAX_DEPTH + 2)) return refused([{ path: '', message: 'is nested too deep' }]);
  if (!isRecord(content)) return refused([{ path: '', message: 'must be an object with flags' }]);
  const { flags, ...rest } = content;
  const head = fileHead.safeParse(rest);
  if (!head.success) return refused(shapeIssues(head.error, ''));
  if (!isRecord(flags)) {
    const hint = Array.isArray(flags) ? '; providers do not read lists' : '';
    return refused([{ path: 'flags', message: `must be an object with a flag under every key${hint}` }]);
  }
  const evaluators = head.data.$evaluators ?? {};
  const evaluatorsSource = JSON.stringify(evaluators);
  const segmentsAreSame = previous?.evaluatorsSource === evaluatorsSource;
  const segmentIssues = segmentsAreSame ? [] : evaluatorIssues(evaluators);
  if (segmentIssues.length > 0) return refused(segmentIssues);

  const loaded = new Map<string, LoadedFlag>();
  const issues: FlagIssue[] = [];
  for (const [key, flag] of Object.entries(flags)) {
    const source = JSON.stringify(flag) ?? '';
    const before = previous?.flags.get(key);
    if (before?.source === source && (segmentsAreSame || before.flag === before.whole)) {
      loaded.set(key, before);
      continue;
    }
    const check = checkFlag(key, flag, evaluators, `flags.${key}`);
    if (check.ok) loaded.set(key, loadedFlag(source, check.flag, check.whole, check.feature));
    else issues.push(...check.issues);
  }
  if (issues.length > 0) return refused(issues);
  const right = Object.fromEntries([...loaded].map(([key, { flag }]) => [key, flag]));
  const file: FlagFile = { ...head.data, flags: right };
  return { ok: true, set: flagSet(file, loaded, evaluatorsSource), issues: [] };
}

/**
 * What a text holds, still to be checked.
 * @throws AppError unprocessable when it is no JSON.
 */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal([{ path: '', message: `the file is no JSON: ${reason}` }]);
  }
}

/** The refusal that tells the first of some issues and carries all of them in `details.issues`. */
export function refusal(issues: readonly FlagIssue[]): AppError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const where = first?.path ? `${first.path}: ` : '';
  return new AppError('unprocessable', `The flags cannot be used: ${where}${first?.message}${more}.`, {
    issues,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(issues: readonly FlagIssue[]): FileCheck {
  return { ok: false, issues };
}
