import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { metricsSources } from '@/db/schema';
import { type OpenSource, openSettings, openSource } from '@/server/analysis/open-source';
import { AppError } from '@/server/domain/errors';
import type { MetricsSourceCheck } from '@/server/domain/views/canary';
import { MetricsError } from '@/server/metrics/source';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findMetricsSource } from '@/server/services/metrics-sources/find';
import { settingsShape, settledSettings } from '@/server/services/metrics-sources/settings';
import { secretsOf } from '@/server/services/shared/signing-secret';

const PATIENCE_SECONDS = 15;

/** One that is there by its name, or settings that are not kept yet; with both, changed settings of the one there. */
export const checkMetricsSourceInput = z.object({
  name: z.string().optional(),
  ...settingsShape,
  kind: settingsShape.kind.optional(),
});

/** Whether a metrics source answers and lets us in. */
export async function checkMetricsSource(
  ctx: ServiceContext,
  input: z.output<typeof checkMetricsSourceInput>,
): Promise<MetricsSourceCheck> {
  requirePermission(ctx, 'integration.write');
  const { source } = await open(ctx, input);
  const began = performance.now();
  const limit = AbortSignal.timeout(PATIENCE_SECONDS * 1_000);
  try {
    await source.check(limit);
    return { ok: true, milliseconds: Math.round(performance.now() - began) };
  } catch (error) {
    if (error instanceof MetricsError) return { ok: false, kind: error.kind, message: error.message };
    if (!limit.aborted) throw error;
    return {
      ok: false,
      kind: 'unavailable',
      message: `It did not answer within ${PATIENCE_SECONDS} s. Check its address, and that it can be reached from here.`,
    };
  }
}

async function open(
  ctx: ServiceContext,
  { name, kind, config, secrets }: z.output<typeof checkMetricsSourceInput>,
): Promise<OpenSource> {
  if (kind === undefined) {
    if (name === undefined)
      throw new AppError('bad_request', 'Say which: give a name, or a kind and config.');
    const { name: known } = await findMetricsSource(ctx.db, name);
    return openSource(ctx.db, secretsOf(ctx.secrets), known);
  }
  const [before] =
    name === undefined ? [] : await ctx.db.select().from(metricsSources).where(eq(metricsSources.name, name));
  const settings = settledSettings(ctx.secrets, { kind, config, secrets }, before ?? null);
  return openSettings(kind, { ...settings.config, ...settings.secrets });
}
