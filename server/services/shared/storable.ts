import type { Issue } from '@/server/services/pipelines/validate';

/** A NUL, or half of a character of two: JSON may hold them, the database keeps neither. */
function isUnstorable(text: string): boolean {
  return text.includes('\u0000') || /[\ud800-\udfff]/u.test(text);
}

/** Where a value holds text that cannot be kept. */
export function unstorable(value: unknown, path = ''): Issue[] {
  if (typeof value === 'string')
    return isUnstorable(value) ? [{ path, message: 'holds a character that cannot be kept' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return isUnstorable(key)
      ? [{ path, message: 'has a name with a character that cannot be kept' }]
      : unstorable(one, at);
  });
}
