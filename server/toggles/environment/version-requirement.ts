import { FeatureFlag } from '@openfeature/flagd-core';
import type { VersionRequirement } from '@/server/domain/toggles';
import { SILENT } from '@/server/toggles/silent-logger';

/** flagd's own comparison of versions, so that the dashboard and the rules of a flag never disagree about one. */
const atLeast = new FeatureFlag(
  'at-least',
  {
    state: 'ENABLED',
    variants: { true: true, false: false },
    defaultVariant: 'false',
    // The library's type says text where it takes the parsed expression.
    targeting: { sem_ver: [{ var: 'version' }, '>=', { var: 'minimum' }] } as unknown as string,
  },
  SILENT,
);

/** Whether `version` is `minimum` or later; no when either of them is no version. */
export function isAtLeast(version: string, minimum: string): boolean {
  return atLeast.evaluate({ version, minimum }, SILENT).value === true;
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
