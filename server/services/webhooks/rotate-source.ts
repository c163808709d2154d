import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { webhookSources } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { newSecret, sealed } from '@/server/services/shared/signing-secret';
import { sourceNameInput } from '@/server/services/webhooks/sources';

export const rotateWebhookSourceInput = sourceNameInput;

/** Gives a source a new secret. The one before stays valid until the next change, so that the sender can be told in peace. */
export async function rotateWebhookSource(
  ctx: ServiceContext,
  { name }: z.output<typeof rotateWebhookSourceInput>,
): Promise<{ name: string; secret: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  const secret = newSecret();
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(webhookSources).where(eq(webhookSources.name, name)).for('update');
    if (!row) throw new AppError('not_found', `There is no webhook source "${name}".`);
    const secrets = [sealed(ctx.secrets, secret), ...row.secrets.slice(0, 1)];
    await tx.update(webhookSources).set({ secrets }).where(eq(webhookSources.name, name));
    await recordAudit(tx, actor, { action: 'webhookSource.rotate', subject: name });
    return { name, secret };
  });
}
