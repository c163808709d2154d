import type { LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { routeIfThere } from '@/server/providers/aws/verbs/route';
import { ProviderError } from '@/server/providers/provider';

/** Groups that came in enabled get their share once they are healthy, and not before. */
export async function giveWeights(
  platform: Platform,
  groups: readonly ServerGroup[],
  balancers: readonly LoadBalancer[] | null,
): Promise<void> {
  const waiting = groups.filter(
    (group) =>
      group.managedBy === undefined &&
      group.enabled &&
      group.traffic === 0 &&
      group.loadBalancers.length > 0 &&
      group.instances.some(({ health }) => health === 'healthy'),
  );
  const known = (region: string, name: string) =>
    balancers === null || balancers.some((one) => one.region === region && one.name === name);
  const places = new Map(
    waiting.flatMap(({ region, loadBalancers }) =>
      loadBalancers
        .filter((name) => known(region, name))
        .map((name) => [`${region}/${name}`, { region, name }] as const),
    ),
  );
  for (const { region, name } of places.values()) await giveWeight(platform, region, name);
}

/** Seeing goes on where this fails: the next look tries again, and operations say what hinders them. */
async function giveWeight(platform: Platform, region: string, name: string): Promise<void> {
  try {
    await routeIfThere(platform.region(region), name);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
}
