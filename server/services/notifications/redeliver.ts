import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { notifications } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const redeliverInput = z.object({ id: z.uuid() });

/** Sends a message again, under the id it had; a receiver that has it already knows it by that. */
export async function redeliver(
  ctx: ServiceContext,
  { id }: z.output<typeof redeliverInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(notifications)
      .set({ status: 'owed', attempts: 0, nextAt: sql`now()`, deliveredAt: null })
      .where(eq(notifications.id, id))
      .returning({ endpoint: notifications.endpoint, type: notifications.type });
    if (!row) throw new AppError('not_found', `There is no message ${id}; they are kept for thirty days.`);
    await recordAudit(tx, actor, {
      action: 'notification.redeliver',
      subject: `${row.endpoint} ${row.type}`,
    });
    await recordEvents(tx, [{ kind: 'notification', subject: row.endpoint }]);
    return { ok: true };
  });
}
