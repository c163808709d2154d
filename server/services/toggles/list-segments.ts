import { asc } from 'drizzle-orm';
import { z } from 'zod';
import { toggleSegments } from '@/db/schema';
import type { SegmentView } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';
import { segmentUsers } from '@/server/services/toggles/segment-users';
import { loadToggleWorld } from '@/server/toggle-state/load';

export const listSegmentsInput = z.object({});

/** Every segment with the toggles and segments that refer to it. */
export async function listSegments(
  ctx: ServiceContext,
  _input: z.output<typeof listSegmentsInput>,
): Promise<SegmentView[]> {
  requirePermission(ctx, 'read');
  const world = await loadToggleWorld(ctx.db);
  const rows = await ctx.db.select().from(toggleSegments).orderBy(asc(toggleSegments.key));
  return rows.map(({ updatedAt, ...row }) => {
    const { toggles, segments } = segmentUsers(world, row.key);
    return { ...row, updatedAt: iso(updatedAt), usedBy: [...new Set([...toggles.keys(), ...segments])] };
  });
}
