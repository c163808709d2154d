import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { toggleChangeRequests } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { message } from '@/server/domain/message';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import type { StateRow, ToggleRow } from '@/server/toggle-state/load';

interface Draft {
  readonly row: ToggleRow;
  readonly environment: string;
  readonly state: StateRow | null;
  readonly next: ToggleDefinition | null;
  readonly reason: string;
  readonly now: Date;
}

/** Keeps a change until another person has approved it. One at a time for a toggle in an environment. */
export async function openRequest(
  tx: Transaction,
  actor: Actor,
  { row, environment, state, next, reason, now }: Draft,
): Promise<ToggleChangeOutcome> {
  if (!next) {
    throw new AppError(
      'conflict',
      `${environment} demands review, and taking a toggle out of it cannot be reviewed. Switch it off instead.`,
    );
  }
  const [request] = await tx
    .insert(toggleChangeRequests)
    .values({
      toggle: row.key,
      environment,
      baseRevision: state?.revision ?? 0,
      definition: next,
      reason,
      createdBy: actor.name,
      createdByUserId: actor.userId,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: toggleChangeRequests.id });
  if (!request) {
    throw new AppError(
      'conflict',
      `A change of “${row.name}” in ${environment} waits for approval already. Have it approved, rejected or withdrawn first.`,
    );
  }
  await recordAudit(tx, actor, {
    action: 'toggle.request',
    application: row.application,
    subject: `${row.key} in ${environment}`,
    reason,
    before: state?.definition ?? null,
    after: next,
  });
  await recordEvents(tx, [
    { kind: 'toggle', application: row.application, subject: row.key, status: 'requested' },
  ]);
  const sentence = message('toggle.request.opened', { environment });
  return { kind: 'requested', requestId: request.id, sentence };
}
