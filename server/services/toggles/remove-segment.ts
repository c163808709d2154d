import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { toggleSegments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { segmentKeySchema } from '@/server/domain/toggles';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireUnrequested, segmentUsers } from '@/server/services/toggles/segment-users';
import { loadToggleWorld } from '@/server/toggle-state/load';
import { lockToggles } from '@/server/toggle-state/write';

export const removeSegmentInput = z.object({ key: segmentKeySchema });

/** Takes a segment away that nothing refers to. */
export async function removeSegment(
  ctx: ServiceContext,
  { key }: z.output<typeof removeSegmentInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'toggle.write');
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const world = await loadToggleWorld(tx);
    await requireUnrequested(tx, world, key);
    const { toggles, segments } = segmentUsers(world, key);
    const users = [...toggles.keys(), ...segments];
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `The segment “${key}” is used by ${users.join(', ')}. Change those first.`,
        { usedBy: users },
      );
    }
    const [gone] = await tx.delete(toggleSegments).where(eq(toggleSegments.key, key)).returning();
    if (!gone) throw new AppError('not_found', `There is no segment “${key}”.`);
    const { name, description, condition } = gone;
    await recordAudit(tx, actor, {
      action: 'toggleSegment.remove',
      subject: key,
      before: { name, description, condition },
    });
    await recordEvents(tx, [{ kind: 'toggle', subject: key }]);
    return { ok: true };
  });
}
