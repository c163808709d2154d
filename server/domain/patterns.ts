import safeRegex from 'safe-regex2';
import { readPath } from '@/server/domain/read-path';

/** Whether a name fits one of some patterns; `*` stands for anything, everything else for itself. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const [first = '', ...rest] = pattern.split('*');
    if (rest.length === 0) return name === pattern;
    if (!name.startsWith(first)) return false;
    let at = first.length;
    const last = rest.pop() ?? '';
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  });
}

/** Longer values are not looked at: a pattern that is safe is still not free. */
const MAX_VALUE = 10_000;

/** Whether every pattern is found in the value at its path. One that cannot be used never is. */
export function holds(
  payload: unknown,
  constraints: readonly { readonly path: string; readonly pattern: string }[],
): boolean {
  return constraints.every(({ path, pattern }) => {
    const value = readPath(payload, path);
    if (value === undefined || value === null || !isUsable(pattern)) return false;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return new RegExp(pattern).test(text.slice(0, MAX_VALUE));
  });
}

/** Whether a pattern is a regular expression that cannot run for ever. */
export function isUsable(pattern: string): boolean {
  try {
    return safeRegex(new RegExp(pattern));
  } catch {
    return false;
  }
}
