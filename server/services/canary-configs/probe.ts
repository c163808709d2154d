import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { metricsSources } from '@/db/schema';
import { measure } from '@/server/analysis/measure';
import { type OpenSource, openSource } from '@/server/analysis/open-source';
import { canaryConfigSchema } from '@/server/domain/canary';
import { isAppError } from '@/server/domain/errors';
import { alignedGrid } from '@/server/metrics/grid';
import { MetricsError } from '@/server/metrics/source';
import type { SecretBox } from '@/server/secrets/seal';
import type { Issue } from '@/server/services/pipelines/validate';

const WINDOW_MS = 5 * 60_000;
const STEP_MS = 60_000;
/** A source that is slow must not keep people from saving. */
const PATIENCE_MS = 8_000;

/**
 * Which queries of a configuration the source does not understand, found by asking it for the last five minutes of
 * something that is not there. A source that cannot be asked now says nothing against them.
 */
export async function queryIssues(
  db: Database,
  secrets: SecretBox,
  name: string,
  given: unknown,
  now: Date,
): Promise<Issue[]> {
  const config = canaryConfigSchema.safeParse(given);
  const [known] = await db.select().from(metricsSources).where(eq(metricsSources.name, name));
  if (!config.success || !known) return [];
  const source = await opened(db, secrets, name);
  if (!source) return [];
  const wrong = new Map<unknown, string>();
  const side = { scope: 'signalbox-check', location: 'signalbox-check' };
  const { measurements } = await measure({
    config: config.data,
    source: onlyWrong(source, wrong),
    scopes: { baseline: side, canary: side, extra: placeholders(given) },
    window: alignedGrid(now.getTime() - WINDOW_MS, now.getTime(), STEP_MS),
    signal: AbortSignal.timeout(2 * PATIENCE_MS),
  });
  return measurements.flatMap(({ name: metric, error }) => {
    if (error === null || !error.startsWith(WRONG)) return [];
    const index = config.data.metrics.findIndex((one) => one.name === metric);
    return [{ path: `metrics.${index}.query`, message: error.slice(WRONG.length) }];
  });
}

/** Marks what is the query's fault, apart from what the source could not do. */
const WRONG = 'wrong query: ';

function onlyWrong({ type, source }: OpenSource, asked: Map<unknown, string>): OpenSource {
  return {
    type,
    source: {
      check: (signal) => source.check(signal),
      async read(query, scope, grid, signal) {
        const key = JSON.stringify(query);
        const before = asked.get(key);
        if (before !== undefined) throw new MetricsError('query', before);
        try {
          const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
          return await source.read(query, scope, grid, limited);
        } catch (error) {
          if (error instanceof MetricsError && error.kind === 'query') {
            const message = `${WRONG}${error.message}`;
            asked.set(key, message);
            throw new MetricsError('query', message, { cause: error });
          }
          return { series: [], literalQuery: '', warnings: [] };
        }
      },
    },
  };
}

async function opened(db: Database, secrets: SecretBox, name: string): Promise<OpenSource | null> {
  try {
    return await openSource(db, secrets, name);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
}

/** Whatever `${…}` the queries have stands for something, as it will when an analysis gives it. */
function placeholders(config: unknown): Record<string, string> {
  const names = [...JSON.stringify(config).matchAll(/\$\\*\{\s*(\w+)\s*\}/g)].flatMap(
    ([, name]) => name ?? [],
  );
  return Object.fromEntries(names.map((name) => [name, 'signalbox-check']));
}
