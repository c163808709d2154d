import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { metricsSources } from '@/db/schema';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { type Settings, settingsShape, settledSettings } from '@/server/services/metrics-sources/settings';
import { sealed } from '@/server/services/shared/signing-secret';

export const applyMetricsSourceInput = z.object({ name: pipelineNameSchema, ...settingsShape });

/** Adds a metrics source or changes it. It need not answer at that moment. */
export async function applyMetricsSource(
  ctx: ServiceContext,
  { name, ...given }: z.output<typeof applyMetricsSourceInput>,
): Promise<{ name: string; created: boolean }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(metricsSources)
      .where(eq(metricsSources.name, name))
      .for('update');
    const settings = settledSettings(ctx.secrets, given, before ?? null);
    const { kind, config } = settings;
    const secrets = Object.fromEntries(
      Object.entries(settings.secrets).map(([field, value]) => [field, sealed(ctx.secrets, value)]),
    );
    const values = {
      kind,
      config: { ...config },
      secrets,
      updatedAt: ctx.clock.now(),
      updatedBy: actor.name,
    };
    await tx
      .insert(metricsSources)
      .values({ name, ...values })
      .onConflictDoUpdate({ target: metricsSources.name, set: values });
    await recordAudit(tx, actor, {
      action: before ? 'metricsSource.update' : 'metricsSource.create',
      subject: name,
      before: before ? shown(before) : null,
      after: shown(settings),
    });
    await recordEvents(tx, [{ kind: 'metricsSource', subject: name }]);
    return { name, created: !before };
  });
}

/** For the audit trail: of secrets only that they are set. */
function shown({ kind, config, secrets }: Settings) {
  return { kind, config, secrets: Object.keys(secrets).toSorted() };
}
