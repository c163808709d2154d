import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { changeState } from '@/server/services/toggles/change-state';
import { closeRequest, findRequest, isOwn, requireOpen } from '@/server/services/toggles/request-rows';
import { lockToggles } from '@/server/toggle-state/write';

export const decideChangeRequestInput = z.object({
  id: z.uuid(),
  comment: z.string().trim().max(2_000).default(''),
});

/** Applies what another person drafted, if the toggle still stands as they saw it. */
export async function approveChangeRequest(
  ctx: ServiceContext,
  { id, comment }: z.output<typeof decideChangeRequestInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.review');
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const found = await findRequest(tx, id);
    const { request } = found;
    requireOpen(request);
    if (isOwn(request, actor)) {
      throw new AppError('forbidden', 'Another person must approve what you drafted. You may withdraw it.');
    }
    if (found.revision !== request.baseRevision) {
      throw new AppError(
        'conflict',
        `“${found.toggleName}” in ${request.environment} has changed since this was drafted. Reject it, and draft it anew from what is there now.`,
        { baseRevision: request.baseRevision, revision: found.revision },
      );
    }
    requireFuture(request.definition.schedule, at);
    const outcome = await changeState(
      tx,
      actor,
      {
        key: request.toggle,
        environment: request.environment,
        action: 'toggle.approve',
        reason: [request.reason, `drafted by ${request.createdBy}`].filter(Boolean).join(' — '),
        isReviewed: true,
        next: () => request.definition,
      },
      at,
    );
    await closeRequest(tx, actor, { found, status: 'applied', action: 'toggleRequest.approve', comment, at });
    return outcome;
  });
}

/** Nobody approved that what was planned for later happens at once. */
function requireFuture(schedule: readonly { readonly at: string }[], now: Date): void {
  const past = schedule.find(({ at }) => Date.parse(at) <= now.getTime());
  if (!past) return;
  throw new AppError(
    'conflict',
    `Its schedule begins at ${past.at}, which has passed. Reject it, and have it drafted anew with a later time.`,
  );
}
