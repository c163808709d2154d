import type { ServerGroup } from '@/server/domain/inventory';
import { healthyIn } from '@/server/domain/units';

/**
 * The traffic guard: nobody takes the last healthy enabled server group of a guarded cluster out of
 * traffic. Pure, over the groups of one cluster in one region as they are at this moment.
 */

export interface GuardVerdict {
  readonly allowed: boolean;
  /** Healthy instances that may take traffic now. */
  readonly healthyNow: number;
  /** As many as would remain. */
  readonly healthyAfter: number;
}

/** Healthy instances of a group (a serverless one counts as one) that load balancers may send requests to. */
export function servingInstances(group: Pick<ServerGroup, 'enabled' | 'instances' | 'serverless'>): number {
  return group.enabled ? healthyIn(group) : 0;
}

/**
 * Whether the groups named may leave. A cluster in which nothing serves has nothing to protect, and
 * a group that does not serve may always leave.
 */
export function trafficGuard(
  groups: readonly Pick<ServerGroup, 'name' | 'enabled' | 'instances' | 'serverless'>[],
  leaving: ReadonlySet<string>,
): GuardVerdict {
  const count = (counted: typeof groups) => counted.reduce((sum, group) => sum + servingInstances(group), 0);
  const healthyNow = count(groups);
  const healthyAfter = count(groups.filter((group) => !leaving.has(group.name)));
  return { allowed: healthyAfter > 0 || healthyNow === healthyAfter, healthyNow, healthyAfter };
}
