import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { canaryConfigs, metricsSources } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findMetricsSource } from '@/server/services/metrics-sources/find';
import { pipelinesNaming } from '@/server/services/pipelines/naming';

export const removeMetricsSourceInput = z.object({ name: z.string() });

/** Takes a metrics source away that nothing asks any more. */
export async function removeMetricsSource(
  ctx: ServiceContext,
  { name }: z.output<typeof removeMetricsSourceInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const row = await findMetricsSource(tx, name);
    // Whoever saves a configuration that asks it waits until we are done.
    await tx.select().from(metricsSources).where(eq(metricsSources.name, name)).for('update');
    const users = await usersOf(tx, name);
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `The metrics source "${name}" is used by ${users.join(', ')}. Change that first.`,
        { users },
      );
    }
    await tx.delete(metricsSources).where(eq(metricsSources.name, name));
    await recordAudit(tx, actor, {
      action: 'metricsSource.remove',
      subject: name,
      before: { kind: row.kind, config: row.config, secrets: Object.keys(row.secrets).toSorted() },
    });
    await recordEvents(tx, [{ kind: 'metricsSource', subject: name }]);
    return { ok: true };
  });
}

async function usersOf(tx: Transaction, source: string): Promise<string[]> {
  const configs = await tx
    .select({ application: canaryConfigs.application, name: canaryConfigs.name })
    .from(canaryConfigs)
    .where(eq(canaryConfigs.source, source))
    .orderBy(canaryConfigs.application, canaryConfigs.name);
  const pipelines = await pipelinesNaming(tx, 'metricsSource', [source]);
  return [
    ...configs.map(({ application, name }) => `the canary configuration "${name}" of ${application}`),
    ...pipelines.map(({ application, pipeline }) => `the pipeline "${pipeline}" of ${application}`),
  ];
}
