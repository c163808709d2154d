import { z } from 'zod';
import type { StaleToggle } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { STALE_AFTER_DAYS, staleReasons } from '@/server/services/toggles/staleness';
import { readUses } from '@/server/services/toggles/uses';
import { loadToggleWorld } from '@/server/toggle-state/load';

export const staleTogglesInput = z.object({
  application: z.string().optional(),
  /** After how many days a fact becomes a reason. */
  days: z.number().int().min(1).max(365).default(STALE_AFTER_DAYS),
});

/** Toggles that should be cleaned up, with every reason; those with the most first. */
export async function listStaleToggles(
  ctx: ServiceContext,
  { application, days }: z.output<typeof staleTogglesInput>,
): Promise<StaleToggle[]> {
  requirePermission(ctx, 'read');
  const now = ctx.clock.now();
  const world = await loadToggleWorld(ctx.db);
  const uses = await readUses(ctx.db, now);
  return [...world.rows.values()]
    .filter((row) => application === undefined || row.application === application)
    .flatMap((row): StaleToggle[] => {
      const toggle = world.toggles.get(row.key);
      if (!toggle) return [];
      const states = world.states.filter((one) => one.toggle === row.key);
      const reasons = staleReasons({ row, toggle, states, uses, now, days });
      const { key, name, kind, owner } = row;
      return reasons.length === 0 ? [] : [{ key, name, application: row.application, kind, owner, reasons }];
    })
    .toSorted((a, b) => b.reasons.length - a.reasons.length || a.name.localeCompare(b.name));
}
