import { z } from 'zod';
import type { FlagExport } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { factsFor } from '@/server/services/toggles/standings';
import { requireToggleEnvironment } from '@/server/toggle-state/find';
import { loadToggleWorld } from '@/server/toggle-state/load';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { exportFlags } from '@/server/toggles/flagd-file';

export const exportFlagdInput = z.object({
  environment: z.string(),
  /**
   * - written  as people wrote them; what flagd has no words for is left out and named
   * - served   as they are answered at this moment, with prerequisites, schedules and versions worked in
   */
  form: z.enum(['written', 'served']).default('written'),
});

/** An environment's toggles as a flagd file. */
export async function exportFlagd(
  ctx: ServiceContext,
  { environment, form }: z.output<typeof exportFlagdInput>,
): Promise<FlagExport> {
  requirePermission(ctx, 'read');
  const world = await loadToggleWorld(ctx.db);
  requireToggleEnvironment(world.environments, environment);
  const toggles = [...world.toggles.values()];
  if (form === 'written') {
    const { file, omitted } = exportFlags(toggles, world.segments, environment);
    return { file, omitted };
  }
  const facts = await factsFor(ctx.db, world, environment);
  const now = ctx.clock.now();
  const { file } = compileEnvironment({ environment, toggles, segments: world.segments, facts, now });
  return { file, omitted: [] };
}
