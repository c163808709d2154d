import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { accounts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { CHANNEL, type LookAnswer, type LookRequest, lookAnswerSchema } from '@/server/domain/events';
import type { ClusterRefreshed } from '@/server/domain/views/application';
import { findManifest } from '@/server/services/accounts/load-provider';
import { requirePermission, type ServiceContext } from '@/server/services/context';

/** A look at one cluster takes a few requests; one that takes longer stands in a line behind others. */
const PATIENCE_MS = 20_000;

export const refreshClusterInput = z.object({
  application: z.string().min(1),
  cluster: z.string().min(1),
  account: z.string().min(1),
  region: z.string().min(1),
});

/**
 * Has the worker that watches the account look at a cluster now, and returns when what is there is in the inventory.
 * For platforms that push nothing: others tell of their changes by themselves.
 */
export async function refreshCluster(
  ctx: ServiceContext,
  input: z.output<typeof refreshClusterInput>,
): Promise<ClusterRefreshed> {
  requirePermission(ctx, 'read');
  const [row] = await ctx.db.select().from(accounts).where(eq(accounts.name, input.account));
  if (!row) throw new AppError('not_found', `There is no account "${input.account}".`);
  if (findManifest(row.provider)?.swept !== true)
    throw new AppError(
      'unprocessable',
      `${input.account} tells of changes by itself. There is nothing to refresh.`,
    );
  const { error } = await ask(ctx.db, { id: randomUUID(), ...input });
  if (error !== null) throw new AppError('unavailable', `${input.account}: ${error}`);
  return { ...input, lookedAt: ctx.clock.now().toISOString() };
}

/** @throws AppError `unavailable` when no worker answers in time. */
async function ask(db: Database, request: LookRequest): Promise<LookAnswer> {
  // A connection of its own: what is heard belongs to a session.
  const client = await db.$client.connect();
  try {
    const answered = new Promise<LookAnswer>((resolve, reject) => {
      client.on('notification', ({ payload = '' }) => {
        if (!payload.includes(request.id)) return;
        resolve(lookAnswerSchema.parse(JSON.parse(payload)));
      });
      setTimeout(() => reject(nobody(request)), PATIENCE_MS).unref();
    });
    // Awaited below; until then its failure must not count as unhandled.
    answered.catch(() => undefined);
    await client.query(`LISTEN ${CHANNEL.looked}`);
    await db.execute(sql`SELECT pg_notify(${CHANNEL.look}, ${JSON.stringify(request)})`);
    return await answered;
  } finally {
    client.removeAllListeners('notification');
    client.release(true);
  }
}

function nobody({ account }: LookRequest): AppError {
  return new AppError(
    'unavailable',
    `No worker answered for ${account} within ${PATIENCE_MS / 1_000} s. It is looked at with the next sweep.`,
  );
}
