import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { toggleChangeRequests } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleWorld } from '@/server/toggle-state/load';
import { referencesIn } from '@/server/toggles/references';

/** Who would notice if a segment changed. */
export interface SegmentUsers {
  /** Environments by toggle, through other segments too. */
  readonly toggles: ReadonlyMap<string, readonly string[]>;
  /** Segments that are made of it, directly or not. */
  readonly segments: readonly string[];
}

/** All that refer to a segment, archived toggles excepted. */
export function segmentUsers(world: ToggleWorld, key: string): SegmentUsers {
  const names = madeOf(world, key);
  const users = new Map<string, string[]>();
  for (const toggle of world.toggles.values()) {
    const places = Object.entries(toggle.environments)
      .filter(([, definition]) => refersTo(definition, names))
      .map(([environment]) => environment);
    if (places.length > 0) users.set(toggle.key, places);
  }
  names.delete(key);
  return { toggles: users, segments: [...names] };
}

/**
 * Those who will be asked to approve have seen what a segment means now.
 * @throws AppError `conflict` naming the first change that waits for approval and refers to the segment.
 */
export async function requireUnrequested(tx: Transaction, world: ToggleWorld, key: string): Promise<void> {
  const names = madeOf(world, key);
  const open = await tx
    .select()
    .from(toggleChangeRequests)
    .where(eq(toggleChangeRequests.status, 'open'))
    .orderBy(toggleChangeRequests.createdAt);
  const user = open.find(({ definition }) => refersTo(definition, names));
  if (!user) return;
  throw new AppError(
    'conflict',
    `A change of “${user.toggle}” in ${user.environment} that waits for approval uses the segment “${key}”. Have it approved, rejected or withdrawn first.`,
    { request: user.id },
  );
}

/** The segment and those that are made of it, directly or not. */
function madeOf({ segments }: ToggleWorld, key: string): Set<string> {
  const names = new Set([key]);
  for (const name of names) {
    for (const one of segments) if (referencesIn(one.condition).includes(name)) names.add(one.key);
  }
  return names;
}

function refersTo({ targeting, schedule }: ToggleDefinition, names: ReadonlySet<string>): boolean {
  return [targeting, ...schedule.map(({ set }) => set.targeting)].some(
    (one) => one && referencesIn(one).some((name) => names.has(name)),
  );
}
