import { z } from 'zod';
import { CloudError } from '@/server/local-cloud/errors';
import type { RangeRequest, Steps } from '@/server/local-cloud/history/history';
import type { Exchange, Route } from '@/server/local-cloud/http/route';
import { nameSchema } from '@/server/local-cloud/http/schemas';
import type { CloudMetrics } from '@/server/local-cloud/metrics';

const MAX_POINTS = 3_600;

const whole = z
  .string('is missing')
  .regex(/^\d{1,12}$/, 'is a whole number of seconds')
  .transform(Number);
const steps = { start: whole, end: whole, step: whole.pipe(z.number().positive()) };
const named = z.string('is missing').min(1, 'is missing').max(200);
const groupRangeSchema = bounded(
  z.object({ serverGroup: nameSchema, region: z.string().nullable(), ...steps }),
);
const variantRangeSchema = bounded(
  z.object({ toggle: named, variant: named, cluster: nameSchema, ...steps }),
);

function bounded<T extends Steps>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema
    .refine(({ start, end }) => end > start, { message: 'must be after start', path: ['end'] })
    .refine(({ start, end, step }) => (end - start) / step <= MAX_POINTS, {
      message: `there can be ${MAX_POINTS} steps from start to end`,
      path: ['step'],
    });
}

/** What is measured: all of it as Prometheus text, and the last hour of a server group or a variant step by step. */
export function metricsRoutes(metrics: CloudMetrics): Route[] {
  return [
    { method: 'GET', path: '/metrics', open: true, handle: (exchange) => sendMetrics(metrics, exchange) },
    {
      method: 'GET',
      path: '/metrics/range',
      handle: ({ query }) => metrics.history.range(rangeRequest(query)),
    },
  ];
}

async function sendMetrics(metrics: CloudMetrics, { response }: Exchange): Promise<void> {
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': metrics.registry.contentType });
  response.end(text);
}

function rangeRequest(query: URLSearchParams): RangeRequest {
  const schema = query.has('toggle') ? variantRangeSchema : groupRangeSchema;
  const names = ['serverGroup', 'region', 'toggle', 'variant', 'cluster', 'start', 'end', 'step'];
  const parsed = schema.safeParse(Object.fromEntries(names.map((name) => [name, query.get(name)])));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CloudError('invalid', `${issue?.path.join('.')}: ${issue?.message}`);
}
