import type { Evaluation, EvaluationContext } from '@/server/domain/toggles';
import { evaluateAll } from '@/server/toggles/evaluate';
import { digest, type FlagSet } from '@/server/toggles/flag-set';
import { canonical } from '@/server/toggles/json';

/**
 * ETag of everything that this context gets from the set, quoted. It changes with the flags and with any attribute of
 * the context, and is the same in every process. Nothing is evaluated, unless a flag reads the clock: then the answers
 * themselves decide.
 * @param evaluations of the same set and context, where they are at hand.
 */
export function etagOf(
  set: FlagSet,
  context: EvaluationContext,
  evaluations?: readonly Evaluation[],
): string {
  const answers = set.readsTime ? canonical(evaluations ?? evaluateAll(set, context)) : '';
  return `"${digest([set.hash, canonical(context), answers].join('\n'))}"`;
}

/** ETag of the flagd file itself, for in-process providers. */
export function fileEtagOf(set: FlagSet): string {
  return `"${set.hash}"`;
}

/** Whether an `If-None-Match` header names this ETag; comparison is weak, as the header's always is. */
export function isNoneMatch(header: string | null | undefined, etag: string): boolean {
  if (!header) return false;
  return header.split(',').some((one) => {
    const tag = one.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}
