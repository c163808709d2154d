import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { accounts, environments, firewalls, loadBalancers, serverGroups } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { findAccount } from '@/server/services/accounts/find';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { pipelinesNaming } from '@/server/services/pipelines/naming';

export const removeAccountInput = z.object({ name: z.string() });

/** Forgets an account that nothing uses, and what was seen of it. On its platform nothing changes. */
export async function removeAccount(
  ctx: ServiceContext,
  { name }: z.output<typeof removeAccountInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'user.admin');
  return ctx.db.transaction(async (tx) => {
    const { provider, config } = await findAccount(tx, name);
    // Whoever applies an environment of it waits until we are done.
    await tx.select().from(accounts).where(eq(accounts.name, name)).for('update');
    const users = await usersOf(tx, name);
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `The account "${name}" is used by ${users.join(', ')}. Change that first.`,
        { users },
      );
    }
    for (const table of [serverGroups, loadBalancers, firewalls])
      await tx.delete(table).where(eq(table.account, name));
    await tx.delete(accounts).where(eq(accounts.name, name));
    await recordAudit(tx, actor, { action: 'account.remove', subject: name, before: { provider, config } });
    await recordEvents(tx, [{ kind: 'account', subject: name }]);
    return { ok: true };
  });
}

async function usersOf(tx: Transaction, account: string): Promise<string[]> {
  const places = await tx
    .select({ application: environments.application, name: environments.name })
    .from(environments)
    .where(eq(environments.account, account))
    .orderBy(environments.application, environments.name);
  const pipelines = await pipelinesNaming(tx, 'account', [account]);
  return [
    ...places.map(({ application, name }) => `the environment "${name}" of ${application}`),
    ...pipelines.map(({ application, pipeline }) => `the pipeline "${pipeline}" of ${application}`),
  ];
}
