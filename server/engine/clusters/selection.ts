import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';

/** How a pipeline names a server group before anyone knows its number. */
export const TARGETS = ['newest', 'previous', 'oldest', 'largest'] as const;
export const targetSchema = z.union([z.enum(TARGETS), z.object({ serverGroup: z.string().min(1) })], {
  error: `is ${TARGETS.join(', ')}, or { "serverGroup": "<name>" } for one by its name`,
});
export type GroupTarget = z.infer<typeof targetSchema>;

/**
 * The group meant in one region, or null when there is none.
 * @param groups of one cluster in one region, oldest first.
 */
export function selectGroup(groups: readonly ServerGroup[], target: GroupTarget): ServerGroup | null {
  if (typeof target === 'object') return groups.find((group) => group.name === target.serverGroup) ?? null;
  switch (target) {
    case 'newest':
      return groups.at(-1) ?? null;
    case 'previous':
      return groups.at(-2) ?? null;
    case 'oldest':
      return groups[0] ?? null;
    case 'largest':
      return ranked(groups, true)[0] ?? null;
    default:
      return target satisfies never;
  }
}

export interface Selection {
  /** Groups that stay as they are, those in `spared` included. */
  readonly keep: number;
  /** Rank by size instead of by age. */
  readonly preferLarger: boolean;
  /** Groups that are never chosen but count among those that stay, e.g. one that was just deployed. */
  readonly spared: ReadonlySet<string>;
}

/** Those of the candidates that do not stay, oldest (or smallest) first. */
export function beyond(candidates: readonly ServerGroup[], selection: Selection): ServerGroup[] {
  const open = candidates.filter((group) => !selection.spared.has(group.name));
  const stay = Math.max(0, selection.keep - selection.spared.size);
  return ranked(open, selection.preferLarger).slice(stay).toReversed();
}

/** Whether it takes part in serving: enabled, or with an instance that is up all the same. */
export function isActive(group: ServerGroup): boolean {
  return group.enabled || group.traffic > 0;
}

/** Whether instances alone would bring it into traffic. */
export function isAsleep(group: ServerGroup): boolean {
  return group.enabled && group.capacity.desired === 0;
}

/** Newest first; or largest first, the newest among equals. */
function ranked(groups: readonly ServerGroup[], bySize: boolean): ServerGroup[] {
  const newest = groups.toReversed();
  return bySize ? newest.toSorted((a, b) => b.capacity.desired - a.capacity.desired) : newest;
}
