import type { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import type { decideChangeRequestInput } from '@/server/services/toggles/approve-request';
import { closeRequest, findRequest, isOwn, requireOpen } from '@/server/services/toggles/request-rows';
import { lockToggles } from '@/server/toggle-state/write';

/** Takes one's own change request back. */
export async function withdrawChangeRequest(
  ctx: ServiceContext,
  { id, comment }: z.output<typeof decideChangeRequestInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'toggle.write');
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const found = await findRequest(tx, id);
    requireOpen(found.request);
    if (!isOwn(found.request, actor)) {
      throw new AppError(
        'forbidden',
        `Only ${found.request.createdBy}, who drafted it, can withdraw it. Someone with toggle.review can reject it.`,
      );
    }
    const closing = { found, status: 'withdrawn' as const, action: 'toggleRequest.withdraw', comment, at };
    await closeRequest(tx, actor, closing);
    return { ok: true };
  });
}
