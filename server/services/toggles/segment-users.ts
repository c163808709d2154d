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
export function segmentUsers({ toggles, segments }: ToggleWorld, key: string): SegmentUsers {
  const names = new Set([key]);
  for (const name of names) {
    for (const one of segments) if (referencesIn(one.condition).includes(name)) names.add(one.key);
  }
  const users = new Map<string, string[]>();
  for (const toggle of toggles.values()) {
    const places = Object.entries(toggle.environments)
      .filter(([, definition]) => referencesOf(definition).some((name) => names.has(name)))
      .map(([environment]) => environment);
    if (places.length > 0) users.set(toggle.key, places);
  }
  names.delete(key);
  return { toggles: users, segments: [...names] };
}

function referencesOf({ targeting, schedule }: ToggleDefinition): string[] {
  return [targeting, ...schedule.map(({ set }) => set.targeting)].flatMap((one) =>
    one ? referencesIn(one) : [],
  );
}
