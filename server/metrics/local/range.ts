import { z } from 'zod';

const perStep = z.array(z.number().nullable());
/** Bucket and count; bucket i has durations above growth^(i−1) up to growth^i seconds. */
const bucketsSchema = z.array(z.tuple([z.number().int(), z.number().int().positive()]));

/** What the local cloud answers at /metrics/range. */
export const rangeSchema = z.object({
  sinceMs: z.number(),
  bucketGrowth: z.number().gt(1),
  groups: z.array(
    z.object({
      region: z.string(),
      serverGroup: z.string(),
      requests: perStep,
      errors: perStep,
      durations: z.array(bucketsSchema),
      memoryBytes: perStep,
    }),
  ),
});
export type LocalRange = z.infer<typeof rangeSchema>;
export type GroupRange = LocalRange['groups'][number];

export const LOCAL_METRICS = ['latency', 'errorRatio', 'requestRate', 'memory'] as const;

export const localQuerySchema = z
  .looseObject({
    type: z.literal('local'),
    /**
     * - latency      of requests answered below 400, in seconds, at the quantile
     * - errorRatio   of requests, those answered with 500 or above
     * - requestRate  per second
     * - memory       of the largest instance, in bytes
     */
    metric: z.enum(LOCAL_METRICS),
    quantile: z.number().gt(0).lt(1).default(0.99),
    /**
     * As `${toggle}`: measured is what instances tell of a variant in the header x-toggle-variants, and the scope is that
     * variant; of a server group when absent.
     */
    toggle: z.string().min(1).optional(),
    /** Whose answers count: `${cluster}`. */
    cluster: z.string().min(1).optional(),
  })
  .refine(({ toggle, cluster }) => (toggle === undefined) === (cluster === undefined), {
    message: 'a toggle needs a cluster, and a cluster a toggle: ${toggle} and ${cluster}',
    path: ['cluster'],
  })
  .refine(({ toggle, metric }) => toggle === undefined || metric !== 'memory', {
    message: 'memory is used by instances, and they serve every variant',
    path: ['metric'],
  });
export type LocalQuery = z.infer<typeof localQuerySchema>;

/** The asked metric at each step; null where there is none. */
export function valuesOf(
  query: LocalQuery,
  group: GroupRange,
  bucketGrowth: number,
  stepMs: number,
): (number | null)[] {
  switch (query.metric) {
    case 'latency':
      return group.durations.map((buckets) => quantileOf(buckets, query.quantile, bucketGrowth));
    case 'errorRatio':
      return group.requests.map((requests, index) => {
        // Without requests there is no ratio: nobody could see an error.
        if (requests === null || requests === 0) return null;
        return (group.errors[index] ?? 0) / requests;
      });
    case 'requestRate':
      return group.requests.map((requests) => (requests === null ? null : requests / (stepMs / 1_000)));
    case 'memory':
      return [...group.memoryBytes];
    default:
      return query.metric satisfies never;
  }
}

/** The middle of the bucket that has the quantile, in seconds; null when nothing was counted. */
export function quantileOf(
  buckets: readonly (readonly [number, number])[],
  quantile: number,
  growth: number,
): number | null {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.ceil(quantile * total);
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    // The point that is as near, relatively, to both ends of its bucket.
    if (seen >= rank && count > 0) return (2 * growth ** bucket) / (growth + 1);
  }
  return null;
}
