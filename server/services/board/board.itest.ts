import { and, eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts, executions, loadBalancers, pins, stages } from '@/db/schema';
import { applyApplication } from '@/server/services/applications/apply';
import { listApplications } from '@/server/services/applications/list';
import { listArtifacts } from '@/server/services/artifacts/list';
import { getBoard } from '@/server/services/board/get';
import { listClusters } from '@/server/services/clusters/list';
import { startDeployment } from '@/server/services/deployments/start';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import {
  catalogDefinition,
  DIGEST,
  openGate,
  seeServerGroup,
  testWorld,
} from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const releaseManager = await world.as('releaseManager', 'engineer');
await applyApplication(await world.as('admin'), { ...catalogDefinition('basket'), owner: 'Other team' });
await seeServerGroup(world, 'eu', 'prod', 0, '1.0.0', { traffic: 0.25, health: ['healthy', 'unhealthy'] });
await seeServerGroup(world, 'eu', 'prod', 1, '1.1.0', { traffic: 0.75, health: ['healthy'] });
await seeServerGroup(world, 'eu', 'prod', 2, '1.2.0');
const balancer = { account: 'local', region: 'eu', name: 'catalog-prod', application: 'catalog' };
await db
  .insert(loadBalancers)
  .values({ ...balancer, data: { ...balancer, url: 'http://lb:1', targets: [] } });

async function cellsOf(application: string) {
  const { rows } = await getBoard(releaseManager, {});
  return rows.find((row) => row.application === application)?.cells ?? [];
}

it('shows every application and environment, also where nothing runs', async () => {
  const board = await getBoard(releaseManager, {});
  expect(board.environments).toEqual(['staging', 'prod']);
  expect(board.rows.map((row) => row.application)).toEqual(['basket', 'catalog']);
  const empty = (await cellsOf('basket'))[0];
  expect(empty).toMatchObject({
    environment: 'staging',
    region: 'eu',
    versions: [],
    digest: null,
    activity: null,
    stale: null,
  });
  expect((await getBoard(releaseManager, { group: 'Shop team' })).rows.map((row) => row.application)).toEqual(
    ['catalog'],
  );
});

it('shows what takes traffic with its share, health and address', async () => {
  const cell = (await cellsOf('catalog')).find((one) => one.environment === 'prod' && one.region === 'eu');
  expect(cell).toMatchObject({
    versions: [
      { version: '1.1.0', traffic: 0.75 },
      { version: '1.0.0', traffic: 0.25 },
    ],
    health: { healthy: 2, unhealthy: 1, down: 0 },
    digest: DIGEST['1.1.0'],
    url: 'http://lb:1',
    deployedBy: null,
  });
});

it('shows who brought a version, what is going on, what waits for whom, pins and what is out of date', async () => {
  const { executionId } = await startDeployment(releaseManager, {
    artifact: 'catalog',
    application: 'catalog',
    environment: 'prod',
    version: '1.1.0',
  });
  await openGate(world, executionId);
  await db.insert(pins).values({
    application: 'catalog',
    account: 'local',
    cluster: 'catalog-prod',
    digest: 'x',
    version: '1.0.0',
    reason: 'r',
    by: 'Kim',
  });
  await db.update(accounts).set({ error: 'connection refused' });
  const { rows } = await getBoard(releaseManager, {});
  const row = rows.find((one) => one.application === 'catalog');
  const cell = row?.cells.find((one) => one.environment === 'prod' && one.region === 'eu');
  expect(cell).toMatchObject({
    // It waits at its gate: what runs there is not of it yet.
    deployedBy: null,
    activity: { executionId, status: 'running', version: '1.1.0', waitingFor: 'person' },
    pin: { version: '1.0.0', by: 'Kim' },
    stale: 'connection refused',
  });
  expect(row?.waiting).toMatchObject([{ executionId, refId: 'approve', mine: true }]);
  await db.update(pins).set({ expiresAt: sql`now() - interval '1 second'` });
  await db
    .update(executions)
    .set({ status: 'succeeded', endedAt: new Date() })
    .where(eq(executions.id, executionId));
  await db.update(accounts).set({ error: null, seenAt: sql`now() - interval '5 minutes'` });
  const after = (await cellsOf('catalog')).find((one) => one.environment === 'prod' && one.region === 'eu');
  expect(after).toMatchObject({
    deployedBy: releaseManager.actor?.name,
    pin: null,
    activity: null,
    stale: 'No worker has looked at the account lately.',
  });
});

it('lists clusters newest group first, artifacts with where they run, and applications with their counts', async () => {
  const { clusters } = await listClusters(releaseManager, { application: 'catalog' });
  expect(clusters.map((cluster) => [cluster.name, cluster.environment])).toEqual([
    ['catalog-staging', 'staging'],
    ['catalog-prod', 'prod'],
  ]);
  const eu = clusters[1]?.regions.find((region) => region.region === 'eu');
  expect(eu?.serverGroups.map((group) => group.name)).toEqual([
    'catalog-prod-v002',
    'catalog-prod-v001',
    'catalog-prod-v000',
  ]);
  expect(eu?.loadBalancers).toMatchObject([{ url: 'http://lb:1' }]);
  const artifacts = await listArtifacts(releaseManager, { name: 'catalog' });
  expect(Object.fromEntries(artifacts.map((one) => [one.version, one.runsIn]))).toEqual({
    '1.0.0': ['prod'],
    '1.1.0': ['prod'],
    '1.2.0': [],
  });
  const [, catalog] = await listApplications(releaseManager, {});
  expect(catalog).toMatchObject({
    name: 'catalog',
    environments: 2,
    pipelines: 2,
    instances: 3,
    healthyInstances: 2,
  });
});

it('counts a function as one, by whether it can be called', async () => {
  const run = (sequence: number, state: 'active' | 'failed', traffic: number) =>
    seeServerGroup(world, 'eu', 'prod', sequence, '1.0.0', {
      application: 'basket',
      traffic,
      serverless: { state, reason: null, revision: String(sequence) },
    });
  await run(0, 'active', 0.9);
  await run(1, 'failed', 0.1);
  const cell = (await cellsOf('basket')).find((one) => one.environment === 'prod' && one.region === 'eu');
  expect(cell).toMatchObject({ serverless: true, health: { healthy: 1, down: 1, starting: 0 } });
  const [basket] = await listApplications(releaseManager, {});
  expect(basket).toMatchObject({ name: 'basket', instances: 2, healthyInstances: 1 });
});

it('knows what goes to several environments at once: where it is at work, and who brought what it left', async () => {
  const { environments, ...rest } = catalogDefinition('trio');
  const deploy = (environment: string) => ({
    refId: environment,
    type: 'deploy',
    name: environment,
    requires: [],
    config: { environment, strategy: 'redblack' },
  });
  await applyApplication(await world.as('admin'), {
    ...rest,
    environments: environments.map((one) => ({ ...one, pipeline: 'release' })),
    pipelines: [
      { name: 'release', description: '', parameters: [], stages: [deploy('staging'), deploy('prod')] },
    ],
  });
  await seeServerGroup(world, 'eu', 'staging', 0, '1.1.0', { application: 'trio', traffic: 1 });
  const { executionId } = await startExecution(
    releaseManager,
    startExecutionInput.parse({
      application: 'trio',
      pipeline: 'release',
      artifacts: [{ name: 'catalog', version: '1.1.0' }],
    }),
  );
  const cells = async () =>
    (await cellsOf('trio'))
      .filter(({ region }) => region === 'eu')
      .map(({ environment, activity, deployedBy }) => [environment, activity?.executionId, deployedBy]);
  expect(await cells()).toEqual([
    ['staging', undefined, null],
    ['prod', undefined, null],
  ]);
  const of = (refId: string) => and(eq(stages.executionId, executionId), eq(stages.refId, refId));
  const by = releaseManager.actor?.name;
  await db.update(stages).set({ status: 'succeeded', startedAt: new Date() }).where(of('staging'));
  await db.update(stages).set({ status: 'running', startedAt: new Date() }).where(of('prod'));
  expect(await cells()).toEqual([
    ['staging', undefined, by],
    ['prod', executionId, null],
  ]);
});
