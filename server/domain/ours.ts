import type { ServerGroup } from '@/server/domain/inventory';

/**
 * The groups that Signalbox may change. Those of another controller are shown and never part of a decision: what
 * we did to them, it would undo.
 */
export function ours<T extends Pick<ServerGroup, 'managedBy'>>(groups: readonly T[]): T[] {
  return groups.filter((group) => group.managedBy === undefined);
}
