import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@/server/domain/errors';
import { freezeAt } from '@/server/domain/toggle-environments';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { EnvironmentRow } from '@/server/toggle-state/load';

/** @throws AppError `conflict` for the first environment that is frozen now. */
export function requireThawed(places: readonly EnvironmentRow[], now: Date): void {
  for (const { name, freezes } of places) {
    const freeze = freezeAt(freezes, now);
    if (!freeze) continue;
    throw new AppError(
      'conflict',
      `${name} is frozen until ${freeze.until}: ${freeze.reason}. Change it then, or schedule it for then; the kill switch works at any time.`,
      { freeze },
    );
  }
}

/**
 * What is served must not change in a freeze, neither now nor by the schedule; what is planned for after it may be
 * written down during it.
 * @throws AppError `conflict` now, `unprocessable` for a scheduled moment.
 */
export function requireNoFreeze(
  place: EnvironmentRow,
  before: ToggleDefinition | null,
  next: ToggleDefinition | null,
  now: Date,
): void {
  const served = (definition: ToggleDefinition | null) => definition && { ...definition, schedule: [] };
  if (!isDeepStrictEqual(served(before), served(next))) requireThawed([place], now);
  for (const { at } of next?.schedule ?? []) {
    const freeze = freezeAt(place.freezes, new Date(at));
    if (!freeze) continue;
    throw new AppError(
      'unprocessable',
      `${at} lies in a freeze of ${place.name}, from ${freeze.from} until ${freeze.until}: ${freeze.reason}. Choose a time before or after it.`,
      { freeze },
    );
  }
}
