import type { Toggle, ToggleDefinition } from '@/server/domain/toggles';
import { effectiveDefinition } from '@/server/toggles/environment/effective';

/**
 * The definition with what its schedule and the toggle's expiry have done by now written into it, so that a switch
 * that a person throws afterwards is the last word. It serves exactly what the unsettled one serves.
 */
export function settled(
  toggle: Pick<Toggle, 'expiresAt' | 'onExpiry'>,
  definition: ToggleDefinition,
  now: Date,
): ToggleDefinition {
  const { definition: effective } = effectiveDefinition(toggle, definition, now);
  const schedule = definition.schedule.filter(({ at }) => Date.parse(at) > now.getTime());
  return { ...effective, schedule };
}

/** Whether the clock has done something to it that is not written into it yet. */
export function isUnsettled(
  toggle: Pick<Toggle, 'expiresAt' | 'onExpiry'>,
  definition: ToggleDefinition,
  now: Date,
): boolean {
  const { applied, expiredAt } = effectiveDefinition(toggle, definition, now);
  return applied !== null || (expiredAt !== null && definition.on);
}
