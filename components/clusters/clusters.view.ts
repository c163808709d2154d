import type { Instance, InstanceHealth } from '@/server/domain/inventory';
import { healthyIn } from '@/server/domain/units';
import type { ClustersView, ServerGroupView } from '@/server/domain/views/application';

export interface TrafficShare {
  readonly version: string;
  /** 0..1 */
  readonly share: number;
}

/**
 * Traffic by version, the version that came first at the left, so that each keeps its place whatever its share;
 * server groups of the same version count together.
 */
export function trafficByVersion(
  groups: readonly Pick<ServerGroupView, 'artifact' | 'traffic' | 'createdAt'>[],
): TrafficShare[] {
  const byVersion = new Map<string, { share: number; since: string }>();
  for (const { artifact, traffic, createdAt } of groups) {
    const { share, since } = byVersion.get(artifact.version) ?? { share: 0, since: createdAt };
    byVersion.set(artifact.version, {
      share: share + traffic,
      since: createdAt < since ? createdAt : since,
    });
  }
  return [...byVersion]
    .filter(([, { share }]) => share > 0)
    .toSorted(([a, { since: one }], [b, { since: other }]) => one.localeCompare(other) || a.localeCompare(b))
    .map(([version, { share }]) => ({ version, share }));
}

/** Whole percents that add up to 100 when the shares add up to 1 (largest remainders round up). */
export function percents(shares: readonly number[]): number[] {
  const exact = shares.map((share) => share * 100);
  const floors = exact.map(Math.floor);
  const missing = Math.round(exact.reduce((a, b) => a + b, 0)) - floors.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder)
    .slice(0, missing);
  const up = new Set(byRemainder.map(({ index }) => index));
  return floors.map((value, index) => (up.has(index) ? value + 1 : value));
}

export type GroupState = 'enabled' | 'disabled' | 'kept' | 'empty';

type Standing = Pick<
  ServerGroupView,
  'enabled' | 'instances' | 'serverless' | 'vetoed' | 'createdAt' | 'managedBy'
>;

/**
 * A disabled group is what a rollback can return to when it is older than what serves, is healthy and nobody vetoed it; one that never got so far is just disabled.
 */
export function groupState(group: Standing, siblings: readonly Standing[]): GroupState {
  if (group.enabled) return !group.serverless && group.instances.length === 0 ? 'empty' : 'enabled';
  // To what another controller keeps, nobody here can go back.
  const able = group.managedBy === undefined && group.vetoed === null && healthyIn(group) > 0;
  const replaced = siblings.some((other) => other.enabled && other.createdAt >= group.createdAt);
  return able && replaced ? 'kept' : 'disabled';
}

/** Sick first, so that trouble reads as a run at the start. */
const HEALTH_ORDER: readonly InstanceHealth[] = [
  'down',
  'unhealthy',
  'unknown',
  'draining',
  'starting',
  'healthy',
];

/** By health, then oldest first. */
export function sortInstances(instances: readonly Instance[]): Instance[] {
  return [...instances].sort(
    (a, b) =>
      HEALTH_ORDER.indexOf(a.health) - HEALTH_ORDER.indexOf(b.health) ||
      a.startedAt.localeCompare(b.startedAt) ||
      a.id.localeCompare(b.id),
  );
}

/** More squares than this cannot be told apart; a proportional bar says the same. */
export const MAX_SQUARES = 200;

/** How many are in each health, sickest first, absent ones left out. */
export function healthParts(instances: readonly Instance[]): { health: InstanceHealth; count: number }[] {
  return HEALTH_ORDER.map((health) => ({
    health,
    count: instances.filter((instance) => instance.health === health).length,
  })).filter(({ count }) => count > 0);
}

export function healthyCount(instances: readonly Instance[]): number {
  return instances.filter(({ health }) => health === 'healthy').length;
}

/** The largest memory among the instances; null when none is known. */
export function largestMemory(instances: readonly Instance[]): number | null {
  const known = instances.flatMap(({ memoryBytes }) => (memoryBytes === null ? [] : [memoryBytes]));
  return known.length === 0 ? null : Math.max(...known);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes in powers of 1024, in the reader's notation. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** `sha256:0123456789ab…` → `0123456`, enough to compare by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 7);
}

/** What a server group is called within its cluster: `catalog-prod-v003` → `v003`. */
export function shortName(name: string, cluster: string): string {
  return name.startsWith(`${cluster}-`) ? name.slice(cluster.length + 1) : name;
}

/** A server group, or one instance of it, chosen for the side panel; its text form lives in the URL. */
export interface Selection {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly instance: string | null;
}

export function selectionText({ account, region, group, instance }: Selection): string {
  const parts = instance === null ? [account, region, group] : [account, region, group, instance];
  return parts.map(encodeURIComponent).join('/');
}

/** Null for a text that is no selection. */
export function parseSelection(text: string): Selection | null {
  try {
    const [account, region, group, instance] = text.split('/').map(decodeURIComponent);
    return account && region && group ? { account, region, group, instance: instance || null } : null;
  } catch {
    return null;
  }
}

/** The chosen server group and instance as they are now; null parts when they are gone. */
export function findSelected(
  view: ClustersView,
  selection: Selection,
): { group: ServerGroupView | null; instance: Instance | null } {
  const group =
    view.clusters
      .filter(({ account }) => account === selection.account)
      .flatMap((cluster) => cluster.regions.filter(({ region }) => region === selection.region))
      .flatMap(({ serverGroups }) => serverGroups)
      .find(({ name }) => name === selection.group) ?? null;
  return { group, instance: group?.instances.find(({ id }) => id === selection.instance) ?? null };
}

/** Index after an arrow key among squares in lines of `perLine`; null for other keys. */
export function movedIndex(index: number, key: string, count: number, perLine: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -perLine,
    ArrowDown: perLine,
    Home: -index,
    End: count - 1 - index,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const next = index + step;
  return next < 0 || next >= count ? index : next;
}
