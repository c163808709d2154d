import { afterAll, beforeAll, expect, it } from 'vitest';
import { accounts, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { systemClock } from '@/server/domain/clock';
import type { ServerGroup } from '@/server/domain/inventory';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, pipeline, stage, stageRow, start } from '@/server/engine/testing/harness';
import type { Provider } from '@/server/providers/provider';

const database = await testDatabase();
const { db } = database;
/** Decisions see only what is ours: nothing of the one cluster, a group of the other. */
const platform: Pick<Provider, 'describeCluster'> = {
  describeCluster: async ({ cluster }) => (cluster === 'legacy-mixed' ? [ours] : []),
};
let engine: Engine;
beforeAll(async () => {
  await db.insert(accounts).values({ name: 'k8s', provider: 'kubernetes' });
  await db.insert(serverGroups).values({
    account: 'k8s',
    region: 'shop',
    name: theirs.name,
    application: theirs.application,
    cluster: theirs.cluster,
    data: theirs,
  });
  engine = engineFor(database, stageTypes, {
    services: {
      db,
      clock: systemClock,
      outbound: { allow: [] },
      // These stages ask for nothing else before they plan.
      provider: async () => platform as Provider,
      metricsSource: () => Promise.reject(new Error('this test has no metrics')),
    },
  });
  engine.start();
});
afterAll(() => engine.drain(1_000));

const theirs: ServerGroup = {
  account: 'k8s',
  region: 'shop',
  application: 'legacy',
  cluster: 'legacy-web',
  name: 'legacy-web-5d4f',
  sequence: null,
  artifact: { name: 'legacy', version: '7', digest: `sha256:${'7'.repeat(64)}` },
  capacity: { min: 2, desired: 2, max: 2 },
  instances: [],
  enabled: true,
  traffic: 1,
  loadBalancers: ['legacy-web'],
  createdAt: '2026-01-01T00:00:00.000Z',
  configKeys: [],
  managedBy: { kind: 'Deployment', name: 'legacy-web' },
};
const { managedBy: _, ...rest } = theirs;
const ours: ServerGroup = { ...rest, cluster: 'legacy-mixed', name: 'legacy-mixed-v001', sequence: 1 };
const run = async (type: string, cluster: string, more: object = {}) => {
  const place = { account: 'k8s', application: 'legacy', cluster, regions: ['shop'], ...more };
  const id = await start(database, pipeline(stage('act', type, place)), { application: 'legacy' });
  return { status: await ended(database, id), error: (await stageRow(database, id, 'act')).error };
};

it.each(['disableCluster', 'scaleDownCluster', 'shrinkCluster', 'disableServerGroups', 'rollbackCluster'])(
  '%s of a cluster that another controller keeps ends with its name, and not as if all were done',
  async (type) => {
    expect(await run(type, 'legacy-web')).toEqual({
      status: 'errored',
      error: {
        key: 'engine.cluster.managed',
        values: { cluster: 'legacy-web', kind: 'Deployment', name: 'legacy-web' },
      },
    });
  },
);

it('names the owner of a group that is named and is not ours, and says so of one that nobody has', async () => {
  const error = async (serverGroup: string) =>
    (await run('disableServerGroups', 'legacy-mixed', { target: { serverGroup } })).error;
  expect(await error(theirs.name)).toEqual({
    key: 'engine.cluster.groupManaged',
    values: { serverGroup: theirs.name, kind: 'Deployment', name: 'legacy-web' },
  });
  expect(await error('legacy-mixed-v009')).toMatchObject({ key: 'engine.cluster.unknownGroup' });
});

it('still has nothing to do where nothing is at all', async () => {
  expect(await run('shrinkCluster', 'legacy-api')).toMatchObject({ status: 'succeeded' });
});
