import type { Instance, InstanceHealth, ServerGroup } from '@/server/domain/inventory';

/** The size of every serverless group: the platform alone knows how many copies of it run. */
export const SERVERLESS_CAPACITY = { min: 1, desired: 1, max: 1 } as const;

type Serverless = NonNullable<ServerGroup['serverless']>;

/** How well a serverless group is. One that is idle wakes with the next request. */
export const SERVERLESS_HEALTH: Readonly<Record<Serverless['state'], InstanceHealth>> = {
  pending: 'starting',
  active: 'healthy',
  idle: 'healthy',
  failed: 'down',
};

/**
 * What of a group can be well or ill: its instances; or the group itself, as one, where it is serverless. Whatever
 * counts instances to decide something counts these.
 */
export function unitsOf(
  group: Pick<ServerGroup, 'name' | 'createdAt' | 'instances' | 'serverless'>,
): readonly Instance[] {
  const { serverless } = group;
  return serverless ? [unitOf(group, serverless)] : group.instances;
}

/** How many units of a group can answer requests. */
export function healthyIn({ instances, serverless }: Pick<ServerGroup, 'instances' | 'serverless'>): number {
  if (serverless) return healthOf(serverless) === 'healthy' ? 1 : 0;
  return instances.filter(({ health }) => health === 'healthy').length;
}

function unitOf(
  { name, createdAt }: Pick<ServerGroup, 'name' | 'createdAt'>,
  serverless: Serverless,
): Instance {
  const { state, reason } = serverless;
  return {
    id: name,
    health: healthOf(serverless),
    reason: healthOf(serverless) === 'healthy' ? null : reason,
    startedAt: createdAt,
    address: null,
    restarts: 0,
    memoryBytes: null,
    ...(state === 'failed' ? { blocked: reason ?? state } : {}),
  };
}

function healthOf({ state }: Serverless): InstanceHealth {
  return SERVERLESS_HEALTH[state];
}
