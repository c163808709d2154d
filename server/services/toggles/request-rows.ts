import { and, eq, type SQL } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { toggleChangeRequests, toggleStates, toggles } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ChangeRequestSummary } from '@/server/domain/views/toggles';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';

export type RequestRow = typeof toggleChangeRequests.$inferSelect;

/** A request with what it is about. */
export interface FoundRequest {
  readonly request: RequestRow;
  readonly toggleName: string;
  readonly application: string | null;
  /** Revision that the toggle has there now, 0 for none. */
  readonly revision: number;
}

export function selectRequests(db: Reader, which: SQL | undefined) {
  return db
    .select({
      request: toggleChangeRequests,
      toggleName: toggles.name,
      application: toggles.application,
      revision: toggleStates.revision,
    })
    .from(toggleChangeRequests)
    .innerJoin(toggles, eq(toggles.key, toggleChangeRequests.toggle))
    .leftJoin(
      toggleStates,
      and(
        eq(toggleStates.toggle, toggleChangeRequests.toggle),
        eq(toggleStates.environment, toggleChangeRequests.environment),
      ),
    )
    .where(which);
}

/** @throws AppError `not_found`. */
export async function findRequest(db: Reader, id: string): Promise<FoundRequest> {
  const [found] = await selectRequests(db, eq(toggleChangeRequests.id, id));
  if (found) return { ...found, revision: found.revision ?? 0 };
  throw new AppError('not_found', 'There is no such change request.');
}

/** @throws AppError `conflict` that says who decided it, for one that is not open. */
export function requireOpen({ status, decidedBy, decidedAt }: RequestRow): void {
  if (status === 'open') return;
  throw new AppError(
    'conflict',
    `The change request was ${status} by ${decidedBy} at ${iso(decidedAt)} already.`,
  );
}

/** Whether somebody wrote the request; by name where no account is known. */
export function isOwn(request: RequestRow, actor: Actor): boolean {
  const { createdByUserId, createdBy } = request;
  return createdByUserId === null ? createdBy === actor.name : createdByUserId === actor.userId;
}

export function requestSummary(
  { request, toggleName, application, revision }: FoundRequest,
  actor: Actor,
): ChangeRequestSummary {
  const { id, toggle, environment, status, reason, createdBy, decidedBy, comment } = request;
  return {
    id,
    toggle,
    toggleName,
    application,
    environment,
    status,
    reason,
    createdBy,
    createdAt: iso(request.createdAt),
    decidedBy,
    decidedAt: iso(request.decidedAt),
    comment,
    isOutdated: status === 'open' && revision !== request.baseRevision,
    isOwn: isOwn(request, actor),
  };
}

interface Closing {
  readonly found: FoundRequest;
  readonly status: 'applied' | 'rejected' | 'withdrawn';
  readonly action: string;
  readonly comment: string;
  readonly at: Date;
}

/** Ends an open request, with its audit and event. */
export async function closeRequest(
  tx: Transaction,
  actor: Actor,
  { found, status, action, comment, at }: Closing,
): Promise<void> {
  const { id, toggle, environment } = found.request;
  await tx
    .update(toggleChangeRequests)
    .set({ status, decidedBy: actor.name, decidedAt: at, comment: comment || null })
    .where(eq(toggleChangeRequests.id, id));
  await recordAudit(tx, actor, {
    action,
    application: found.application,
    subject: `${toggle} in ${environment}`,
    reason: comment || null,
    after: { request: id, status },
  });
  await recordEvents(tx, [{ kind: 'toggle', application: found.application, subject: toggle, status }]);
}
