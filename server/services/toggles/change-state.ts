import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import type { Toggle, ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { findLiveToggle, requireToggleEnvironment } from '@/server/services/toggles/find';
import { openRequest } from '@/server/services/toggles/open-request';
import { requireRevision } from '@/server/services/toggles/revision';
import { requireSound } from '@/server/toggle-state/check';
import { loadToggleWorld, type StateRow, type ToggleRow } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';
import { lockToggles, writeState } from '@/server/toggle-state/write';

export interface StateIntent {
  readonly key: string;
  readonly environment: string;
  /** `<entity>.<verb>` for the audit trail. */
  readonly action: string;
  /** The revision that was looked at, 0 for none. */
  readonly revision?: number | undefined;
  readonly reason: string;
  /** Goes ahead where the environment demands review: what was reviewed, or only takes something off. */
  readonly isReviewed?: boolean;
  readonly undoes?: bigint;
  /** What it becomes, of what it is with all that the clock has done to it; null for none. */
  readonly next: (current: ToggleDefinition | null, toggle: Toggle) => ToggleDefinition | null;
}

/** A change of how a toggle stands in an environment: checked as a whole, then written or drafted for review. */
export async function changeState(
  tx: Transaction,
  actor: Actor,
  intent: StateIntent,
  now: Date,
): Promise<ToggleChangeOutcome> {
  const { key, environment } = intent;
  const place = requireToggleEnvironment(await lockToggles(tx), environment);
  const row = await findLiveToggle(tx, key);
  const world = await loadToggleWorld(tx);
  const state = world.states.find((one) => one.toggle === key && one.environment === environment) ?? null;
  requireRevision(`“${row.name}” in ${environment}`, intent.revision, state);
  const toggle = world.toggles.get(key);
  if (!toggle) throw new AppError('internal', `The toggle “${key}” could not be read. Try again.`);
  const next = intent.next(state && settled(toggle, state.definition, now), toggle);
  if (isDeepStrictEqual(next, state?.definition ?? null)) {
    return { kind: 'unchanged', revision: state?.revision ?? 0 };
  }
  if (next) requireNotExpired(row, next, now);
  const toggles = new Map(world.toggles).set(key, withDefinition(toggle, environment, next));
  requireSound({ toggles, segments: world.segments, changed: [key], now });
  if (place.requiresReview && !intent.isReviewed) {
    return openRequest(tx, actor, { row, environment, state, next, reason: intent.reason, now });
  }
  return apply(tx, actor, { intent, row, state, next, now });
}

interface Applied {
  readonly intent: StateIntent;
  readonly row: ToggleRow;
  readonly state: StateRow | null;
  readonly next: ToggleDefinition | null;
  readonly now: Date;
}

async function apply(
  tx: Transaction,
  actor: Actor,
  { intent, row, state, next, now }: Applied,
): Promise<ToggleChangeOutcome> {
  const { key, environment, action, reason, undoes } = intent;
  const { changeId, revision } = await writeState(tx, {
    toggle: key,
    application: row.application,
    environment,
    before: state,
    definition: next,
    by: actor.name,
    at: now,
    reason,
    undoes: undoes ?? null,
  });
  await recordAudit(tx, actor, {
    action,
    application: row.application,
    subject: `${key} in ${environment}`,
    reason,
    before: state?.definition ?? null,
    after: next,
  });
  return { kind: 'applied', revision, changeId: String(changeId) };
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

export function withDefinition(
  toggle: Toggle,
  environment: string,
  definition: ToggleDefinition | null,
): Toggle {
  const { [environment]: _before, ...others } = toggle.environments;
  return { ...toggle, environments: definition ? { ...others, [environment]: definition } : others };
}
