import { isStorable } from '@/server/domain/storable';
import type { Issue } from '@/server/services/pipelines/validate';

/** Deeper than anything people write; the limit keeps the walk from running out of stack. */
const MAX_DEPTH = 100;

/** Where a value holds text that cannot be kept. */
export function unstorable(value: unknown, path = '', depth = 0): Issue[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ path, message: 'holds a character that cannot be kept' }];
  if (typeof value !== 'object' || value === null) return [];
  if (depth > MAX_DEPTH) return [{ path: '', message: `it is nested deeper than ${MAX_DEPTH} levels` }];
  return Object.entries(value).flatMap(([key, one]) => {
    const at = path === '' ? key : `${path}.${key}`;
    // What reads it next would drop it without a word.
    if (key === '__proto__') return [{ path: at, message: 'is a name that objects use themselves' }];
    return isStorable(key)
      ? unstorable(one, at, depth + 1)
      : [{ path, message: 'has a name with a character that cannot be kept' }];
  });
}
