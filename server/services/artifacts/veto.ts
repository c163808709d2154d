import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { vetoes } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { findArtifact } from '@/server/services/artifacts/find';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const vetoArtifactInput = z.object({
  name: z.string(),
  version: z.string(),
  reason: z.string().trim().min(1).max(1000),
});

/** Forbids deploying an artifact anywhere. */
export async function vetoArtifact(
  ctx: ServiceContext,
  { name, version, reason }: z.output<typeof vetoArtifactInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'artifact.veto');
  return ctx.db.transaction(async (tx) => {
    const { digest } = await findArtifact(tx, name, version);
    const veto = (await activeVetoes(tx, [digest])).get(digest);
    if (veto)
      throw new AppError('conflict', `${veto.by} has vetoed it already ("${veto.reason}").`, { veto });
    await tx.insert(vetoes).values({ digest, reason, by: actor.name });
    await recordAudit(tx, actor, {
      action: 'artifact.veto',
      subject: `${name} ${version}`,
      reason,
      after: { digest },
    });
    await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
    return { ok: true };
  });
}
