import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { audit } from '@/db/schema';
import type { Actor } from '@/server/services/context';

export interface Change {
  /** `<entity>.<verb>`, e.g. judgment.decide. */
  readonly action: string;
  readonly application?: string | null;
  readonly subject: string;
  readonly reason?: string | null;
  /** Never secrets: both sides are shown to everyone who may read the audit trail. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Writes who changed what, inside the transaction that changes it. */
export async function recordAudit(tx: Transaction, actor: Actor, change: Change): Promise<void> {
  await tx.insert(audit).values({
    actor: actor.name,
    actorUserId: actor.userId,
    via: actor.via,
    action: change.action,
    application: change.application ?? null,
    subject: change.subject,
    reason: change.reason ?? null,
    before: change.before ?? null,
    after: change.after ?? null,
  });
  await recordEvents(tx, [
    { kind: 'audit', application: change.application ?? null, subject: change.subject },
  ]);
}
