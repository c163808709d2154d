import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { pins } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { severalAccounts } from '@/server/services/clusters/several-accounts';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const liftPinInput = z.object({
  application: z.string(),
  cluster: z.string(),
  /** Needed only when accounts have pinned clusters of the same name. */
  account: z.string().optional(),
  reason: z.string().trim().min(1).max(1000),
});

/** Frees a pinned cluster. */
export async function liftPin(
  ctx: ServiceContext,
  { application, cluster, account, reason }: z.output<typeof liftPinInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'cluster.operate');
  const held = and(
    eq(pins.application, application),
    eq(pins.cluster, cluster),
    account === undefined ? undefined : eq(pins.account, account),
    isNull(pins.liftedAt),
    or(isNull(pins.expiresAt), gt(pins.expiresAt, sql`now()`)),
  );
  return ctx.db.transaction(async (tx) => {
    const places = await tx.selectDistinct({ account: pins.account }).from(pins).where(held);
    const [, second] = places;
    if (second) throw severalAccounts(cluster, places.map((place) => place.account).toSorted());
    const lifted = await tx
      .update(pins)
      .set({ liftedAt: sql`now()`, liftedBy: actor.name })
      .where(held)
      .returning({ version: pins.version, digest: pins.digest, reason: pins.reason, by: pins.by });
    if (lifted.length === 0) throw new AppError('conflict', `${cluster} is not pinned.`);
    await recordAudit(tx, actor, {
      action: 'pin.lift',
      application,
      subject: cluster,
      reason,
      before: lifted,
    });
    await recordEvents(tx, [{ kind: 'pin', application, subject: cluster }]);
    return { ok: true };
  });
}
