import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { recordEvents } from '@/db/events';
import { webhookSources } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { sourceNameInput } from '@/server/services/webhooks/sources';

export const removeWebhookSourceInput = sourceNameInput;

/** Closes a door for events, and forgets what came through it. */
export async function removeWebhookSource(
  ctx: ServiceContext,
  { name }: z.output<typeof removeWebhookSourceInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(webhookSources).where(eq(webhookSources.name, name)).returning();
    if (!row) throw new AppError('not_found', `There is no webhook source "${name}".`);
    await recordAudit(tx, actor, {
      action: 'webhookSource.remove',
      subject: name,
      before: { kind: row.kind },
    });
    await recordEvents(tx, [{ kind: 'trigger', subject: name }]);
    return { ok: true };
  });
}
