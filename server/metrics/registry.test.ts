import { expect, it } from 'vitest';
import { metricsSources } from '@/server/metrics/registry';

it.each(Object.entries(metricsSources))(
  'knows %s by its kind, and takes queries of no other',
  (key, source) => {
    expect(source.kind).toBe(key);
    expect(source.querySchema.safeParse({ type: 'other', metricName: 'up', metric: 'memory' }).success).toBe(
      false,
    );
  },
);
