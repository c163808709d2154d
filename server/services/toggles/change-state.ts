import type { Transaction } from '@/db/client';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { openRequest } from '@/server/services/toggles/open-request';
import { requireNoFreeze } from '@/server/toggle-state/freeze';
import { prepareState, type WantedState } from '@/server/toggle-state/prepare';
import { writeState } from '@/server/toggle-state/write';

export interface StateIntent extends WantedState {
  /** `<entity>.<verb>` for the audit trail. */
  readonly action: string;
  readonly reason: string;
  /** Goes ahead where the environment demands review: it was reviewed. */
  readonly isReviewed?: boolean;
  /** The change that this one takes back. */
  readonly undoes?: bigint;
}

/** A change of how a toggle stands in an environment: checked as a whole, then written or drafted for review. */
export async function changeState(
  tx: Transaction,
  actor: Actor,
  intent: StateIntent,
  now: Date,
): Promise<ToggleChangeOutcome> {
  const { key, environment, action, reason, undoes, isReviewed } = intent;
  const { row, place, before, current, next, isUnchanged } = await prepareState(tx, intent, now);
  if (isUnchanged) return { kind: 'unchanged', revision: before?.revision ?? 0 };
  const isDraft = place.requiresReview && !isReviewed;
  // A draft changes nothing yet; when it is approved, the freeze is looked at again.
  requireNoFreeze(place, isDraft ? next : current, next, now);
  if (isDraft) {
    return openRequest(tx, actor, { row, environment, state: before, next, reason, now });
  }
  const { application } = row;
  const { changeId, revision } = await writeState(tx, {
    toggle: key,
    application,
    environment,
    before,
    definition: next,
    by: actor.name,
    at: now,
    reason,
    undoes: undoes ?? null,
  });
  await recordAudit(tx, actor, {
    action,
    application,
    subject: `${key} in ${environment}`,
    reason,
    before: before?.definition ?? null,
    after: next,
  });
  return { kind: 'applied', revision, changeId: String(changeId) };
}
