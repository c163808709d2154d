import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { notificationEndpoints } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { endpointNameInput } from '@/server/services/notifications/endpoints';
import { newSecret, sealed } from '@/server/services/shared/signing-secret';

export const rotateEndpointInput = endpointNameInput;

/** Gives an endpoint a new secret. Messages carry both signatures until the next change, so that the receiver can follow in peace. */
export async function rotateEndpoint(
  ctx: ServiceContext,
  { name }: z.output<typeof rotateEndpointInput>,
): Promise<{ name: string; secret: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  const secret = newSecret();
  return ctx.db.transaction(async (tx) => {
    const which = eq(notificationEndpoints.name, name);
    const [row] = await tx.select().from(notificationEndpoints).where(which).for('update');
    if (!row) throw new AppError('not_found', `There is no notification endpoint "${name}".`);
    const secrets = [sealed(ctx.secrets, secret), ...row.secrets.slice(0, 1)];
    await tx.update(notificationEndpoints).set({ secrets }).where(which);
    await recordAudit(tx, actor, { action: 'notificationEndpoint.rotate', subject: name });
    return { name, secret };
  });
}
