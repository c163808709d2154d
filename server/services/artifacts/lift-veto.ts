import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { vetoes } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { findArtifact } from '@/server/services/artifacts/find';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const liftVetoInput = z.object({
  name: z.string(),
  version: z.string(),
  reason: z.string().trim().min(1).max(1000),
});

/** Allows deploying an artifact again. */
export async function liftVeto(
  ctx: ServiceContext,
  { name, version, reason }: z.output<typeof liftVetoInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'artifact.veto');
  return ctx.db.transaction(async (tx) => {
    const { digest } = await findArtifact(tx, name, version);
    const lifted = await tx
      .update(vetoes)
      .set({ liftedAt: sql`now()`, liftedBy: actor.name })
      .where(and(eq(vetoes.digest, digest), isNull(vetoes.liftedAt)))
      .returning({ reason: vetoes.reason, by: vetoes.by });
    if (lifted.length === 0) throw new AppError('conflict', `${name} ${version} is not vetoed.`);
    const subject = `${name} ${version}`;
    await recordAudit(tx, actor, {
      action: 'artifact.liftVeto',
      subject,
      reason,
      before: { digest, vetoes: lifted },
    });
    await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
    return { ok: true };
  });
}
