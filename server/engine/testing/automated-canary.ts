import { canaryConfigs, metricsSources as sources } from '@/db/schema';
import type { testDatabase } from '@/db/test/database';
import type { OpenSource } from '@/server/analysis/open-source';
import { canaryConfigSchema } from '@/server/domain/canary';
import { metricsSources } from '@/server/metrics/registry';
import type { Scope } from '@/server/metrics/source';
import { metricTemplates } from '@/server/metrics/templates';

/** Options of `automatedcanary` that come to an end within seconds. */
export const SHORT_CANARY = {
  config: 'golden',
  weight: 10,
  intervalSeconds: 5,
  lifetimeSeconds: 10,
  warmupSeconds: 1,
  stepSeconds: 1,
  extendSeconds: 0,
};

/** How the queries of all templates name what went wrong. */
const ERRORS = /error|5xx|5\.\./i;

/**
 * For platforms where nothing runs that could be measured: what a side's metrics say is the test's to decide.
 * @param isSick whose requests fail in every second case.
 * @param asked takes every side that was asked for.
 */
export function madeUpSource(isSick: (scope: Scope) => boolean, asked: Scope[] = []): OpenSource {
  return {
    type: { ...metricsSources.cloudwatch, lagSeconds: 0 },
    source: {
      check: async () => undefined,
      async read(query, scope, { startMs, endMs, stepMs }) {
        asked.push(scope);
        const level = ERRORS.test(JSON.stringify(query)) ? (isSick(scope) ? 0.5 : 0.01) : 100;
        const count = Math.round((endMs - startMs) / stepMs);
        const values = Array.from({ length: count }, (_, index) => level * (1 + (index % 5) / 100));
        return { series: [{ tags: {}, values }], literalQuery: 'made up', warnings: [] };
      },
    },
  };
}

/** Writes what `SHORT_CANARY` is judged by: the metrics of a template. */
export async function writeGoldenConfig(
  { db }: Awaited<ReturnType<typeof testDatabase>>,
  template: string,
): Promise<void> {
  await db
    .insert(sources)
    .values({ name: 'watch', kind: 'cloudwatch', config: {}, updatedBy: 'test' })
    .onConflictDoNothing();
  const metrics = metricTemplates.find(({ id }) => id === template)?.metrics() ?? [];
  const config = canaryConfigSchema.parse({ name: 'golden', metrics, classifier: { groupWeights: {} } });
  const row = { application: 'shop', name: 'golden', source: 'watch', config, updatedBy: 'test' };
  await db.insert(canaryConfigs).values(row).onConflictDoNothing();
}
