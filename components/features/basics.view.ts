import type { Basics } from '@/components/features/basic-fields';

/** The end of a day, the same moment for everyone, so that the day is the same one in every time zone. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59.000Z`;
}

/** The day that a moment belongs to, wherever its reader is. */
export function dayOf(at: string): string {
  return new Date(at).toISOString().slice(0, 10);
}

export type BasicProblem = 'name' | 'expiresAt';

/**
 * What keeps a form from being sent.
 * @param expiredBefore an expiry that stood already may lie in the past; nobody has chosen it now.
 */
export function basicProblems(
  { name, expiresAt }: Pick<Basics, 'name' | 'expiresAt'>,
  expiredBefore: string | null,
  now: number,
): ReadonlySet<BasicProblem> {
  const problems = new Set<BasicProblem>();
  if (name.trim() === '') problems.add('name');
  if (expiresAt !== null && expiresAt !== expiredBefore && Date.parse(expiresAt) < now)
    problems.add('expiresAt');
  return problems;
}
