import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { apiTokens } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const revokeTokenInput = z.object({ id: z.uuid() });

/** Ends a token: one's own, or anyone's for an admin. */
export async function revokeToken(
  ctx: ServiceContext,
  input: z.output<typeof revokeTokenInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'token.own');
  const own = actor.permissions.has('user.admin') ? undefined : eq(apiTokens.userId, actor.userId ?? '');
  return ctx.db.transaction(async (tx) => {
    const [token] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.id, input.id), isNull(apiTokens.revokedAt), own))
      .returning({ name: apiTokens.name, scopes: apiTokens.scopes });
    // The same answer for someone else's token: its existence is not theirs to know.
    if (!token) throw new AppError('not_found', 'There is no such token, or it is revoked already.');
    await recordAudit(tx, actor, {
      action: 'token.revoke',
      subject: token.name,
      before: { scopes: token.scopes },
    });
    await recordEvents(tx, [{ kind: 'user', subject: token.name }]);
    return { ok: true };
  });
}
