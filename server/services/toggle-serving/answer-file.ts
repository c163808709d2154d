import type { EnvironmentFlags } from '@/server/services/toggle-serving/environment-flags';
import { isNoneMatch } from '@/server/toggles/etag';

/**
 * The definitions as a flagd file, whose text is null when the client has it already.
 * @returns null before there is a first set.
 */
export function answerFile(
  { etag, fileText }: EnvironmentFlags,
  ifNoneMatch: string | null,
): { readonly etag: string; readonly text: string | null } | null {
  if (etag === null || fileText === null) return null;
  return { etag, text: isNoneMatch(ifNoneMatch, etag) ? null : fileText };
}
