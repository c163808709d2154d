import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { notificationEndpoints, notifications } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const setEndpointEnabledInput = z.object({ name: pipelineNameSchema, enabled: z.boolean() });

/** Turns an endpoint off or on. What it is owed is sent when it is on again. */
export async function setEndpointEnabled(
  ctx: ServiceContext,
  { name, enabled }: z.output<typeof setEndpointEnabledInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(notificationEndpoints)
      .set({ disabled: !enabled, disabledReason: enabled ? null : `Turned off by ${actor.name}.` })
      .where(eq(notificationEndpoints.name, name))
      .returning();
    if (!row) throw new AppError('not_found', `There is no notification endpoint "${name}".`);
    if (enabled)
      await tx
        .update(notifications)
        .set({ nextAt: sql`now()` })
        .where(and(eq(notifications.endpoint, name), eq(notifications.status, 'owed')));
    await recordAudit(tx, actor, {
      action: enabled ? 'notificationEndpoint.enable' : 'notificationEndpoint.disable',
      subject: name,
    });
    await recordEvents(tx, [{ kind: 'notification', subject: name }]);
    return { ok: true };
  });
}
