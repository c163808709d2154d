import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { apiTokens, users } from '@/db/schema';
import { tokenActor } from '@/server/services/auth/actor';
import { hashToken } from '@/server/services/auth/token';
import type { Actor } from '@/server/services/context';

/** Who a bearer token speaks for; null when it is unknown, revoked, expired or its owner is disabled. */
export async function authenticateToken(
  db: Database,
  token: string,
  via: Actor['via'],
): Promise<Actor | null> {
  const [row] = await db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      scopes: apiTokens.scopes,
      unused: sql<boolean>`${apiTokens.lastUsedAt} is null or ${apiTokens.lastUsedAt} < now() - interval '1 minute'`,
      owner: { id: users.id, displayName: users.displayName, roles: users.roles },
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        eq(apiTokens.tokenHash, hashToken(token)),
        isNull(apiTokens.revokedAt),
        or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)),
        eq(users.disabled, false),
      ),
    );
  if (!row) return null;
  // Once a minute is enough to see whether a token is in use, and spares a write per request.
  if (row.unused) await db.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, row.id));
  return tokenActor(row.owner, row, via);
}
