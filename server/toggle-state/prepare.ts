import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import type { Toggle, ToggleDefinition } from '@/server/domain/toggles';
import { requireSound } from '@/server/toggle-state/check';
import { requireMeaningful } from '@/server/toggle-state/definition';
import { findLiveToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import {
  type EnvironmentRow,
  loadToggleWorld,
  type StateRow,
  type ToggleRow,
} from '@/server/toggle-state/load';
import { requireRevision } from '@/server/toggle-state/revision';
import { settled } from '@/server/toggle-state/settle';
import { lockToggles } from '@/server/toggle-state/write';

export interface WantedState {
  readonly key: string;
  readonly environment: string;
  /** The revision that was looked at, 0 for none; undefined: whatever it is. */
  readonly revision?: number | undefined;
  /** What it becomes, of what it is with all that the clock has done to it; null for none. */
  readonly next: (current: ToggleDefinition | null, toggle: Toggle) => ToggleDefinition | null;
}

/** A change that is sound and not written yet. */
export interface PreparedState {
  readonly row: ToggleRow;
  readonly place: EnvironmentRow;
  readonly before: StateRow | null;
  /** What is there, with all that the clock has done to it. */
  readonly current: ToggleDefinition | null;
  readonly next: ToggleDefinition | null;
  readonly isUnchanged: boolean;
}

/**
 * Works out a change of how a toggle stands in an environment and holds it against all others, with the lock that
 * keeps it true until the transaction ends.
 * @throws AppError with a sentence, when it cannot be.
 */
export async function prepareState(
  tx: Transaction,
  { key, environment, revision, next: nextOf }: WantedState,
  now: Date,
): Promise<PreparedState> {
  const place = requireToggleEnvironment(await lockToggles(tx), environment);
  const row = await findLiveToggle(tx, key);
  const world = await loadToggleWorld(tx);
  const before = world.states.find((one) => one.toggle === key && one.environment === environment) ?? null;
  requireRevision(`“${row.name}” in ${environment}`, revision, before);
  const toggle = world.toggles.get(key);
  if (!toggle) throw new AppError('internal', `The toggle “${key}” could not be read. Try again.`);
  const current = before && settled(toggle, before.definition, now);
  const next = nextOf(current, toggle);
  const isUnchanged = isDeepStrictEqual(next, before?.definition ?? null);
  if (!isUnchanged) {
    if (next) requireNotExpired(row, next, now);
    if (next) await requireMeaningful(tx, current, next);
    const toggles = new Map(world.toggles).set(key, withDefinition(toggle, environment, next));
    requireSound({ toggles, segments: world.segments, changed: [key], now });
  }
  return { row, place, before, current, next, isUnchanged };
}

/** The clock would only switch it off again. */
function requireNotExpired(
  { name, onExpiry, expiresAt }: ToggleRow,
  next: ToggleDefinition,
  now: Date,
): void {
  if (!next.on || onExpiry !== 'off' || expiresAt === null || expiresAt > now) return;
  throw new AppError(
    'conflict',
    `“${name}” expired at ${expiresAt.toISOString()} and stays off. Give it a later expiry, or none, first.`,
  );
}

/** The toggle as it would be with another definition in one environment. */
export function withDefinition(
  toggle: Toggle,
  environment: string,
  definition: ToggleDefinition | null,
): Toggle {
  const { [environment]: _before, ...others } = toggle.environments;
  return { ...toggle, environments: definition ? { ...others, [environment]: definition } : others };
}
