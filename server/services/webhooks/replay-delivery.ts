import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { webhookDeliveries } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const replayDeliveryInput = z.object({ id: z.string().regex(/^\d{1,18}$/) });

/** Shows a delivery to the triggers again, e.g. after one was mended. What it has started already is not started twice. */
export async function replayDelivery(
  ctx: ServiceContext,
  { id }: z.output<typeof replayDeliveryInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(webhookDeliveries)
      .set({ handledAt: null, outcome: null })
      .where(eq(webhookDeliveries.id, BigInt(id)))
      .returning();
    if (!row) throw new AppError('not_found', `There is no delivery ${id}; they are kept for thirty days.`);
    await recordAudit(tx, actor, {
      action: 'webhookDelivery.replay',
      subject: `${row.source} ${row.deliveryId}`,
    });
    return { ok: true };
  });
}
