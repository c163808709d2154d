import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { webhookSources } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { newSecret, sealed } from '@/server/services/shared/signing-secret';
import { formatSchema } from '@/server/services/webhooks/sources';

export const createWebhookSourceInput = z.object({ name: pipelineNameSchema, kind: formatSchema });

/** Opens a door for events. The secret is answered this once. */
export async function createWebhookSource(
  ctx: ServiceContext,
  { name, kind }: z.output<typeof createWebhookSourceInput>,
): Promise<{ name: string; path: string; secret: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  const secret = newSecret();
  return ctx.db.transaction(async (tx) => {
    const [created] = await tx
      .insert(webhookSources)
      .values({ name, kind, secrets: [sealed(ctx.secrets, secret)], createdBy: actor.name })
      .onConflictDoNothing()
      .returning({ name: webhookSources.name });
    if (!created)
      throw new AppError('conflict', `There is a webhook source "${name}" already. Choose another name.`);
    await recordAudit(tx, actor, { action: 'webhookSource.create', subject: name, after: { kind } });
    await recordEvents(tx, [{ kind: 'trigger', subject: name }]);
    return { name, path: `/api/webhooks/${name}`, secret };
  });
}
