import { isDeepStrictEqual } from 'node:util';
import type { ToggleDefinition } from '@/server/domain/toggles';

/**
 * Whether a change says that a toggle shall be off: it switches it off, or is the kill switch on one that was off
 * already, which changes nothing but takes away what was planned. Null when it says nothing of that.
 */
export function saysStop(before: ToggleDefinition | null, after: ToggleDefinition | null): boolean | null {
  if (after?.on) return before?.on ? null : false;
  if (before?.on) return true;
  return keepsOff(before, after) ? true : null;
}

/** Off before and after, nothing planned any more, and otherwise the same: only the kill switch writes that. */
export function keepsOff(before: ToggleDefinition | null, after: ToggleDefinition | null): boolean {
  if (!before || !after || before.on || after.on || after.schedule.length > 0) return false;
  return isDeepStrictEqual({ ...before, schedule: [] }, after);
}
