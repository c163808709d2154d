import { z } from 'zod';
import { pointsOf } from '@/server/metrics/grid';
import { findEndpoint, type LocalConfig, localConfigSchema } from '@/server/metrics/local/endpoint';
import {
  type LocalQuery,
  type LocalRange,
  localQuerySchema,
  rangeSchema,
  valuesOf,
} from '@/server/metrics/local/range';
import { TryAgain, withRetries } from '@/server/metrics/retry';
import {
  type Grid,
  MetricsError,
  type MetricsSourceType,
  type Scope,
  type SourceContext,
  type SourceResponse,
} from '@/server/metrics/source';

/** It keeps an hour, second by second. */
const MAX_POINTS = 3_600;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What the local cloud's load balancers and instances measured. The scope's location is the region. */
export const localSource: MetricsSourceType<LocalConfig, LocalQuery> = {
  kind: 'local',
  label: 'Local cloud',
  configSchema: localConfigSchema,
  querySchema: localQuerySchema,
  open(config, context) {
    return {
      async check(signal) {
        const now = Math.floor(Date.now() / 1_000);
        await ask(config, context, { serverGroup: 'check', start: now - 1, end: now, step: 1 }, signal);
      },
      async read(query, scope, grid, signal) {
        const parameters = { ...subjectOf(query, scope), ...stepsOf(grid) };
        const range = await ask(config, context, parameters, signal);
        return {
          series: range.groups.map((group) => ({
            tags: tagsOf(scope, group.region),
            values: valuesOf(query, group, range.bucketGrowth, grid.stepMs),
          })),
          literalQuery: `${nameOf(query)}: GET /metrics/range?${new URLSearchParams(parameters).toString()}`,
          warnings: warningsOf(range, grid),
        };
      },
    };
  },
};

/** Asked of one region, the other side of a comparison may be in another: it must not keep them apart. */
function tagsOf({ location }: Scope, region: string): Record<string, string> {
  return location === '' && region !== '' ? { region } : {};
}

function nameOf({ metric, quantile }: LocalQuery): string {
  return metric === 'latency' ? `latency at ${quantile}` : metric;
}

function subjectOf({ toggle, cluster }: LocalQuery, scope: Scope): Record<string, string> {
  if (toggle !== undefined && cluster !== undefined)
    return { toggle: expand(toggle, scope), variant: scope.scope, cluster: expand(cluster, scope) };
  return { serverGroup: scope.scope, ...(scope.location === '' ? {} : { region: scope.location }) };
}

/** @throws MetricsError `query` that names what is not known. */
function expand(text: string, { extra }: Scope): string {
  return text.replaceAll(/\$\{\s*(\w+)\s*\}/g, (_whole, name: string) => {
    const value = extra[name];
    if (value) return value;
    throw new MetricsError(
      'query',
      `“\${${name}}” stands for nothing here. A guarded ramp says it, where the environment of toggles is called as one of the application.`,
    );
  });
}

function stepsOf(grid: Grid): Record<string, string> {
  pointsOf(grid, MAX_POINTS);
  if (grid.stepMs % 1_000 !== 0) {
    throw new MetricsError('query', 'The local cloud measures in whole seconds. Take a step of 1 s or more.');
  }
  return {
    start: String(grid.startMs / 1_000),
    end: String(grid.endMs / 1_000),
    step: String(grid.stepMs / 1_000),
  };
}

function warningsOf(range: LocalRange, grid: Grid): string[] {
  if (grid.startMs >= range.sinceMs - grid.stepMs) return [];
  const since = new Date(range.sinceMs).toISOString();
  return [`The local cloud was started at ${since} and knows of nothing before: a restart forgets.`];
}

function ask(
  config: LocalConfig,
  context: SourceContext,
  parameters: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<LocalRange> {
  return withRetries(async () => {
    const { url, token } = await findEndpoint(config);
    const address = new URL('/metrics/range', url);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, String(value));
    return rangeOf(await fetchFrom(context, address.href, token, signal));
  }, signal);
}

async function fetchFrom(
  context: SourceContext,
  url: string,
  token: string,
  signal: AbortSignal,
): Promise<SourceResponse> {
  try {
    return await context.fetch({
      url,
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MetricsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TryAgain(`The local cloud cannot be reached: ${reason}`, null, { cause: error });
  }
}

function rangeOf({ status, body }: SourceResponse): LocalRange {
  const content = parseJson(body);
  if (status < 300) {
    const range = rangeSchema.safeParse(content);
    if (range.success) return range.data;
    throw new MetricsError('access', 'What answers there is not the local cloud, or another version of it.');
  }
  const refusal = refusalSchema.safeParse(content);
  const said = `The local cloud says: ${refusal.success ? refusal.data.error.message : status}`;
  if (status >= 500) throw new TryAgain(said);
  throw new MetricsError(status === 401 || !refusal.success ? 'access' : 'query', said);
}

/** Undefined when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
