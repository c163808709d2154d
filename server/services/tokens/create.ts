import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { apiTokens } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { permissionSchema } from '@/server/domain/roles';
import { recordAudit } from '@/server/services/audit/record';
import { generateToken, hashToken } from '@/server/services/auth/token';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const createTokenInput = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(permissionSchema).min(1),
  expiresInDays: z.number().int().min(1).max(3650).nullish(),
});

/** Makes a token, shown once. Nobody can give away what they do not have: a token cannot make a mightier one. */
export async function createToken(
  ctx: ServiceContext,
  input: z.output<typeof createTokenInput>,
): Promise<{ id: string; token: string }> {
  const actor = requirePermission(ctx, 'token.own');
  const scopes = [...new Set(input.scopes)];
  const missing = scopes.filter((scope) => !actor.permissions.has(scope));
  if (missing.length > 0 || !actor.userId) {
    throw new AppError('forbidden', `You cannot give a token what you may not do: ${missing.join(', ')}.`, {
      missing,
    });
  }
  const userId = actor.userId;
  const token = generateToken();
  return ctx.db.transaction(async (tx) => {
    const days = input.expiresInDays;
    const expiresAt = days ? sql`now() + make_interval(days => ${days}::int)` : null;
    const [row] = await tx
      .insert(apiTokens)
      .values({ name: input.name, tokenHash: hashToken(token), userId, scopes, expiresAt })
      .returning({ id: apiTokens.id });
    if (!row) throw new AppError('internal', 'The token could not be made. Try again.');
    const after = { scopes, expiresInDays: days ?? null };
    await recordAudit(tx, actor, { action: 'token.create', subject: input.name, after });
    await recordEvents(tx, [{ kind: 'user', subject: input.name }]);
    return { id: row.id, token };
  });
}
