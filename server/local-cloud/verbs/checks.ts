import { CloudError } from '@/server/local-cloud/errors';
import { RESERVED_VARIABLE } from '@/server/local-cloud/instances/environment';
import type { Platform } from '@/server/local-cloud/views';

/** @throws CloudError `invalid` for a region that this platform does not have. */
export function checkRegion({ regions }: Pick<Platform, 'regions'>, region: string): void {
  if (regions.includes(region)) return;
  throw new CloudError('invalid', `region ${region} does not exist here: choose ${regions.join(' or ')}`);
}

/** @throws CloudError `invalid` for a variable that the platform gives its value. */
export function checkConfig(config: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(config).find((key) => RESERVED_VARIABLE.test(key));
  if (reserved !== undefined)
    throw new CloudError('invalid', `configuration may not set ${reserved}: the platform gives it its value`);
}
