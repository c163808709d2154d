import { afterAll, beforeAll, expect, it } from 'vitest';
import { canaryConfigs } from '@/db/schema';
import { saveCanaryConfig, saveCanaryConfigInput } from '@/server/services/canary-configs/save';
import type { ServiceContext } from '@/server/services/context';
import { applyMetricsSource } from '@/server/services/metrics-sources/apply';
import { canaryConfig, metric, promql } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
let ann: ServiceContext;
let server: MetricsServer;

beforeAll(async () => {
  ann = await world.as('engineer');
  server = await startMetricsServer(() => 1);
  await applyMetricsSource(await world.as('admin'), {
    name: 'prom',
    kind: 'prometheus',
    config: { url: server.url },
    secrets: { tokenSecret: METRICS_TOKEN },
  });
});
afterAll(() => server.stop());

const save = (name: string, query: object) =>
  saveCanaryConfig(
    ann,
    saveCanaryConfigInput.parse({
      application: 'catalog',
      name,
      source: 'prom',
      config: canaryConfig({ metrics: [metric('fine'), metric('asked', { query })] }),
    }),
  );

it('asks the source for every query before it keeps them, and says which it does not understand', async () => {
  await expect(save('broken', promql('syntax error {}'))).rejects.toThrow(/metrics\.1\.query: .*parse error/);
  expect(await db.select().from(canaryConfigs)).toEqual([]);
});

it('takes queries whose further values only an analysis gives', async () => {
  expect(await save('extra', promql('up{a="${scope}",b="${zone}"}'))).toMatchObject({ revision: 1 });
});

it('saves all the same while the source is away', async () => {
  await server.stop();
  expect(await save('unasked', promql('sum(rate('))).toMatchObject({ revision: 1 });
});
