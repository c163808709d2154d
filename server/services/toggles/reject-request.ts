import type { z } from 'zod';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import type { decideChangeRequestInput } from '@/server/services/toggles/approve-request';
import { closeRequest, findRequest, requireOpen } from '@/server/services/toggles/request-rows';
import { lockToggles } from '@/server/toggle-state/write';

/** Turns a change request down; the toggle stays as it is. */
export async function rejectChangeRequest(
  ctx: ServiceContext,
  { id, comment }: z.output<typeof decideChangeRequestInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'toggle.review');
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const found = await findRequest(tx, id);
    requireOpen(found.request);
    await closeRequest(tx, actor, { found, status: 'rejected', action: 'toggleRequest.reject', comment, at });
    return { ok: true };
  });
}
