import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { notificationEndpoints } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { endpointFormatSchema } from '@/server/services/notifications/endpoints';
import { newSecret, sealed } from '@/server/services/shared/signing-secret';

export const createEndpointInput = z.object({
  name: pipelineNameSchema,
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .max(2_000)
    .refine((text) => {
      const url = new URL(text);
      return url.username === '' && url.password === '';
    }, 'must not hold a user or a password; receivers know us by the signature'),
  format: endpointFormatSchema.default('standard'),
});

/** Adds a receiver of messages. The secret that signs them is answered this once. */
export async function createEndpoint(
  ctx: ServiceContext,
  { name, url, format }: z.output<typeof createEndpointInput>,
): Promise<{ name: string; secret: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  const secret = newSecret();
  return ctx.db.transaction(async (tx) => {
    const [created] = await tx
      .insert(notificationEndpoints)
      .values({ name, url, format, secrets: [sealed(ctx.secrets, secret)], createdBy: actor.name })
      .onConflictDoNothing()
      .returning({ name: notificationEndpoints.name });
    if (!created)
      throw new AppError(
        'conflict',
        `There is a notification endpoint "${name}" already. Choose another name.`,
      );
    await recordAudit(tx, actor, {
      action: 'notificationEndpoint.create',
      subject: name,
      after: { host: new URL(url).host, format },
    });
    await recordEvents(tx, [{ kind: 'notification', subject: name }]);
    return { name, secret };
  });
}
