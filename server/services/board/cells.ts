import { INSTANCE_HEALTH, type InstanceHealth } from '@/server/domain/inventory';
import type { BoardCell, CellVersion, HealthCount } from '@/server/domain/views/board';
import { stalenessOf } from '@/server/services/board/freshness';
import type { AccountRow, ActivityRow, GroupRow, PlaceRow } from '@/server/services/board/queries';
import { type ActivePin, pinView } from '@/server/services/pins/active';

/** What the board has read, indexed for its cells. */
export interface CellSources {
  /** By account, region and cluster. */
  readonly groups: ReadonlyMap<string, readonly GroupRow[]>;
  /** By application and environment; the youngest where there are several. */
  readonly activities: ReadonlyMap<string, ActivityRow>;
  readonly accounts: ReadonlyMap<string, AccountRow>;
  /** By account, region and name of the load balancer, which is that of its cluster. */
  readonly addresses: ReadonlyMap<string, string | null>;
  /** By account and cluster. */
  readonly pins: ReadonlyMap<string, ActivePin>;
}

/** One cell per region of an environment. */
export function cellsOf(place: PlaceRow, sources: CellSources): BoardCell[] {
  const { environment, account, cluster } = place;
  if (environment === null) return [];
  const seen = sources.accounts.get(account);
  const stale = stalenessOf(seen);
  const pin = sources.pins.get(`${account} ${cluster}`);
  const activity = sources.activities.get(`${place.application} ${environment}`);
  return place.regions.map((region) => {
    const groups = sources.groups.get(`${account} ${region} ${cluster}`) ?? [];
    const leader = groups.toSorted((a, b) => b.traffic - a.traffic)[0];
    return {
      environment,
      region,
      account,
      cluster,
      versions: versionsOf(groups),
      health: healthOf(groups),
      serverless: groups.some((group) => group.serverless),
      deployedAt: leader?.createdAt ?? null,
      deployedBy: null,
      digest: leader?.digest ?? null,
      activity: activity
        ? {
            executionId: activity.executionId,
            status: activity.status,
            version: activity.version,
            waitingFor: activity.waitingFor,
          }
        : null,
      pin: pin ? pinView(pin) : null,
      seenAt: seen?.seenAt ?? null,
      stale: stale?.reason ?? null,
      staleCause: stale?.cause ?? null,
      url: sources.addresses.get(`${account} ${region} ${cluster}`) ?? null,
    };
  });
}

function versionsOf(groups: readonly GroupRow[]): CellVersion[] {
  const traffic = new Map<string, number>();
  for (const group of groups) {
    if (group.traffic > 0) traffic.set(group.version, (traffic.get(group.version) ?? 0) + group.traffic);
  }
  return [...traffic]
    .map(([version, share]) => ({ version, traffic: share }))
    .toSorted((a, b) => b.traffic - a.traffic || a.version.localeCompare(b.version));
}

function healthOf(groups: readonly GroupRow[]): HealthCount {
  const count = (health: InstanceHealth) =>
    groups.reduce((sum, group) => sum + (group.health[health] ?? 0), 0);
  // Built from the closed list of words, so every one of them is there.
  return Object.fromEntries(INSTANCE_HEALTH.map((health) => [health, count(health)])) as HealthCount;
}
