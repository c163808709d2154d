import type { VersionRequirement } from '@/server/domain/toggles';
import { Question } from '@/server/toggles/library';

/** flagd's own comparison of versions, so that the dashboard and the rules of a flag never disagree about one. */
const atLeast = new Question(
  { if: [{ sem_ver: [{ var: 'version' }, '>=', { var: 'minimum' }] }, 'yes', 'no'] },
  ['yes', 'no'],
);

/** Whether `version` is `minimum` or later; no when either of them is no version. */
export function isAtLeast(version: string, minimum: string): boolean {
  const found = atLeast.ask({ version, minimum });
  return typeof found === 'object' && found.answer === 'yes';
}

/** Whether flagd reads it as a version. */
export function isVersion(text: string): boolean {
  return isAtLeast(text, text);
}

/**
 * @param running versions of the application that receive traffic in the environment. None: not met, whatever is
 * demanded.
 */
export function isVersionMet(requirement: VersionRequirement, running: readonly string[]): boolean {
  const fits = (version: string) => isAtLeast(version, requirement.minimum);
  switch (requirement.coverage) {
    case 'all':
      return running.length > 0 && running.every(fits);
    case 'any':
      return running.some(fits);
    default:
      return requirement.coverage satisfies never;
  }
}
