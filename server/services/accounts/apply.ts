import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { accounts } from '@/db/schema';
import { accountNameSchema } from '@/server/domain/account-name';
import { accountIssues } from '@/server/services/accounts/config-issues';
import { requireOwnPlace } from '@/server/services/accounts/same-place';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';

export const applyAccountInput = z.object({
  name: accountNameSchema,
  provider: z.string(),
  /** Says where secrets are found; must hold none. */
  config: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Adds an account or changes it. The platform is told by its configuration, checked by its own schema.
 * @throws AppError `conflict` when another account shows the same place already.
 */
export async function applyAccount(
  ctx: ServiceContext,
  { name, provider, config }: z.output<typeof applyAccountInput>,
): Promise<{ name: string; created: boolean; warnings: readonly string[] }> {
  const actor = requirePermission(ctx, 'user.admin');
  requireNoIssues('account', accountIssues(provider, config));
  const warnings = await requireOwnPlace(ctx.db, { name, provider, config });
  return ctx.db.transaction(async (tx) => {
    const [before] = await tx.select().from(accounts).where(eq(accounts.name, name)).for('update');
    await tx
      .insert(accounts)
      .values({ name, provider, config })
      .onConflictDoUpdate({ target: accounts.name, set: { provider, config } });
    await recordAudit(tx, actor, {
      action: before ? 'account.update' : 'account.create',
      subject: name,
      before: before ? { provider: before.provider, config: before.config } : null,
      after: { provider, config },
    });
    await recordEvents(tx, [{ kind: 'account', subject: name }]);
    return { name, created: !before, warnings };
  });
}
