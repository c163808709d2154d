import type { ServerGroup } from '@/server/domain/inventory';

/**
 * Groups that a clean-up of the cluster must leave alone: those this execution created, and any that
 * appeared after the first of them, because somebody else has just put them there.
 * @param created `region/name` of what this execution created.
 */
export function sparedIn(
  groups: readonly ServerGroup[],
  region: string,
  created: ReadonlySet<string>,
): ReadonlySet<string> {
  const own = groups.filter((group) => created.has(`${region}/${group.name}`));
  const [first] = own.map((group) => group.createdAt).toSorted();
  if (first === undefined) return new Set();
  return new Set(groups.filter((group) => group.createdAt >= first).map((group) => group.name));
}
