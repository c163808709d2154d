import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { recordEvents } from '@/db/events';
import { notificationEndpoints } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { endpointNameInput } from '@/server/services/notifications/endpoints';

export const removeEndpointInput = endpointNameInput;

/** Removes a receiver, and what it is still owed. */
export async function removeEndpoint(
  ctx: ServiceContext,
  { name }: z.output<typeof removeEndpointInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .delete(notificationEndpoints)
      .where(eq(notificationEndpoints.name, name))
      .returning();
    if (!row) throw new AppError('not_found', `There is no notification endpoint "${name}".`);
    await recordAudit(tx, actor, {
      action: 'notificationEndpoint.remove',
      subject: name,
      before: { host: new URL(row.url).host, format: row.format },
    });
    await recordEvents(tx, [{ kind: 'notification', subject: name }]);
    return { ok: true };
  });
}
