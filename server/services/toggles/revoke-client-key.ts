import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { toggleClientKeys } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const revokeClientKeyInput = z.object({ id: z.uuid() });

/** Ends a client key; who still asks by it is told to come with another. */
export async function revokeClientKey(
  ctx: ServiceContext,
  { id }: z.output<typeof revokeClientKeyInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(toggleClientKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(and(eq(toggleClientKeys.id, id), isNull(toggleClientKeys.revokedAt)))
      .returning();
    if (!row) throw new AppError('not_found', 'There is no such client key, or it is revoked already.');
    const { name, environment, kind, prefix } = row;
    await recordAudit(tx, actor, {
      action: 'toggleClientKey.revoke',
      subject: name,
      before: { environment, kind, prefix },
    });
    await recordEvents(tx, [{ kind: 'toggle', subject: name }]);
    return { ok: true };
  });
}
