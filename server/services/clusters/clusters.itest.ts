import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { accounts, environments, pins, serverGroups, stages } from '@/db/schema';
import { clusterSlotKey } from '@/server/domain/cluster-slot';
import type { ServerGroup } from '@/server/domain/inventory';
import { localProvider } from '@/server/providers/local/manifest';
import { type Provider, ProviderError } from '@/server/providers/provider';
import { getApplication } from '@/server/services/applications/get';
import { listApplications } from '@/server/services/applications/list';
import { readInstanceLog } from '@/server/services/clusters/instance-log';
import { listClusters } from '@/server/services/clusters/list';
import { startDeployment } from '@/server/services/deployments/start';
import { liftPin } from '@/server/services/pins/lift';
import { previewRollback } from '@/server/services/rollbacks/preview';
import { startRollback } from '@/server/services/rollbacks/start';
import { renderEnglish } from '@/server/services/shared/render-english';
import { CANARY, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');
const managedBy = { kind: 'Deployment', name: 'shop' };
const lines = 200;

async function see(group: ServerGroup, changes: Partial<ServerGroup>): Promise<ServerGroup> {
  const data = { ...group, ...changes };
  const { account, region, name, application, cluster } = data;
  await db.insert(serverGroups).values({ account, region, name, application, cluster, data });
  return data;
}

beforeEach(async () => {
  await db.delete(serverGroups);
  await db.delete(pins);
});

describe('what others made', () => {
  it('is an application of its own to look at, and is no choice where something is set up', async () => {
    const group = await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0', { traffic: 1 });
    await see(group, { application: 'shop', cluster: 'shop', name: 'shop-7d9f', managedBy });

    const names = async (input: { seen?: boolean }) =>
      (await listApplications(engineer, input)).map(({ name, seenOnly }) => [name, seenOnly]);
    expect(await names({})).toEqual([['catalog', false]]);
    expect(await names({ seen: true })).toEqual([
      ['catalog', false],
      ['shop', true],
    ]);
    expect(await getApplication(engineer, { application: 'shop' })).toMatchObject({
      seenOnly: true,
      environments: [],
    });
    const { clusters } = await listClusters(engineer, { application: 'shop' });
    expect(clusters[0]?.regions[0]?.serverGroups[0]).toMatchObject({ name: 'shop-7d9f', managedBy });
    await expect(listClusters(engineer, { application: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is refused with a sentence that names its owner', async () => {
    const group = await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0', { traffic: 1 });
    await see(group, { application: 'shop', cluster: 'shop', name: 'shop-7d9f', managedBy });

    const preview = await previewRollback(engineer, { application: 'shop', cluster: 'shop' });
    expect(preview.possible).toBe(false);
    expect(preview.why && renderEnglish(preview.why)).toContain('Deployment shop');
    await expect(
      startRollback(engineer, { application: 'shop', cluster: 'shop', reason: 'slow' }),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Deployment shop') });
  });

  it('is nothing that a rollback could go to or start from', async () => {
    const earlier = await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0');
    await seeServerGroup(world, 'eu', 'prod', 3, '1.2.0', { traffic: 0.5 });
    await see(earlier, {
      name: 'catalog-prod-5f6',
      artifact: { name: 'catalog', version: '1.1.0', digest: 'sha256:theirs' },
      createdAt: '2026-01-01T00:02:00.000Z',
      enabled: true,
      traffic: 0.5,
      managedBy,
    });

    const { regions } = await previewRollback(engineer, { application: 'catalog', cluster: 'catalog-prod' });
    expect(regions.find(({ region }) => region === 'eu')).toMatchObject({
      from: { version: '1.2.0' },
      to: { version: '1.0.0' },
    });
  });
});

describe('a cluster of the same name in several accounts', () => {
  const place = { application: 'catalog', cluster: 'catalog-prod' };

  it('is rolled back and freed only where it is said', async () => {
    await db
      .insert(accounts)
      .values({ name: 'other', provider: 'local', config: {}, seenAt: new Date() })
      .onConflictDoNothing();
    const [prod] = await db.select().from(environments).limit(1);
    if (!prod) throw new Error('the world has environments');
    await db
      .insert(environments)
      .values({ ...prod, name: 'mirror', account: 'other', cluster: 'catalog-prod', regions: ['eu'] });
    for (const sequence of [1, 2]) {
      const version = sequence === 1 ? '1.0.0' : '1.1.0';
      const traffic = sequence === 2 ? 1 : 0;
      const group = await seeServerGroup(world, 'eu', 'prod', sequence, version, { traffic });
      await see(group, { account: 'other' });
    }

    await expect(previewRollback(engineer, place)).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('local, other'),
    });
    const preview = await previewRollback(engineer, { ...place, account: 'other' });
    expect(preview).toMatchObject({ account: 'other', environment: 'mirror', possible: true });

    await startRollback(engineer, { ...place, account: 'other', reason: 'slow' });
    expect((await db.select().from(pins)).map(({ account }) => account)).toEqual(['other']);
    const [pin] = await db.select().from(pins);
    if (!pin) throw new Error('a rollback pins');
    const { id: _, ...held } = pin;
    await db.insert(pins).values({ ...held, account: 'local' });
    await expect(liftPin(engineer, { ...place, reason: 'done' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await liftPin(engineer, { ...place, account: 'other', reason: 'done' });
    const left = (await db.select().from(pins)).filter((one) => one.liftedAt === null);
    expect(left.map(({ account }) => account)).toEqual(['local']);
  });
});

describe('the log of an instance', () => {
  function platformSays(readLog: Provider['readLog']) {
    // The service asks the platform for nothing else.
    vi.spyOn(localProvider, 'load').mockResolvedValue({ readLog } as unknown as Provider);
  }

  it('is that of the one asked for, or of one that is not well, without configuration values', async () => {
    await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0', { health: ['healthy', 'down'] });
    platformSays(
      async ({ region, name }, instance, count) => `${region} ${name} ${instance} ${count} ${CANARY}`,
    );

    const name = 'catalog-prod-v001';
    const log = await readInstanceLog(engineer, { serverGroup: name, lines });
    expect(log).toMatchObject({ account: 'local', region: 'eu', serverGroup: name, instance: `${name}-1` });
    expect(log.text).toBe(`eu ${name} ${name}-1 200 •••`);
    const first = await readInstanceLog(engineer, { serverGroup: name, instance: `${name}-0`, lines });
    expect(first.instance).toBe(`${name}-0`);
  });

  it('is refused in words where there is no such instance, no log, or no answer', async () => {
    await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0');
    const ask = (more: { serverGroup?: string; instance?: string } = {}) =>
      readInstanceLog(engineer, { serverGroup: 'catalog-prod-v001', lines, ...more });
    await expect(ask({ serverGroup: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ask({ instance: 'nothing' })).rejects.toMatchObject({
      message: expect.stringContaining('catalog-prod-v001-0'),
    });
    platformSays(undefined);
    await expect(ask()).rejects.toMatchObject({ code: 'unprocessable' });
    platformSays(() => Promise.reject(new ProviderError('unavailable', 'gone fishing')));
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', message: 'local: gone fishing' });
  });
});

it('names the execution that changes a cluster now, until it ends', async () => {
  await seeServerGroup(world, 'eu', 'prod', 1, '1.0.0', { traffic: 1 });
  const wanted = { artifact: 'catalog', environment: 'prod', version: '1.2.0' };
  const { executionId } = await startDeployment(engineer, wanted);
  const changeOf = async (cluster: string) =>
    (await listClusters(engineer, { application: 'catalog' })).clusters.find(
      ({ name, account }) => name === cluster && account === 'local',
    )?.change;
  expect(await changeOf('catalog-prod')).toBeNull();
  const ofDeploy = and(eq(stages.executionId, executionId), eq(stages.type, 'deploy'));
  // As a worker does when its turn has come.
  await db
    .update(stages)
    .set({ status: 'running', slot: clusterSlotKey('local', 'catalog-prod'), startedAt: new Date() })
    .where(ofDeploy);
  expect(await changeOf('catalog-prod')).toMatchObject({
    executionId,
    kind: 'deploy',
    version: '1.2.0',
    held: false,
  });
  expect(await changeOf('catalog-staging')).toBeNull();
  await db.update(stages).set({ status: 'succeeded', endedAt: new Date() }).where(ofDeploy);
  expect(await changeOf('catalog-prod')).toBeNull();
});
