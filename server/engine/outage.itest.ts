import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accounts, events, executions, serverGroups } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { requestCancel } from '@/server/engine/enqueue';
import type { Worker } from '@/server/engine/run-worker';
import { ended, expectNoJobsLeft, pipeline, stage, stageRow, start } from '@/server/engine/testing/harness';
import { ACCOUNT, environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { testService } from '@/server/local-cloud/testing/artifacts';
import { startCloudProcess } from '@/server/local-cloud/testing/cloud-process';

/** The platform is a real process, so that it can really fall silent and die. */

const database = await testDatabase();
let platform: TestPlatform;
let worker: Worker;
let artifact: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  artifact = await platform.publish('1.0.0', await testService('1.0.0'));
  worker = await runTestWorker(database);
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

const deployTo = (name: string) =>
  start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy: 'redblack' })), {
    artifact,
  });

async function account() {
  const [row] = await database.db.select().from(accounts).where(eq(accounts.name, ACCOUNT));
  return row;
}

it('cancels at once while the platform does not answer', async () => {
  await environment(database, 'silent', { regions: ['eu'] });
  platform.cloud.kill('SIGSTOP');
  try {
    const id = await deployTo('silent');
    await expect.poll(async () => (await stageRow(database, id, 'deploy')).status).toBe('running');

    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));

    expect(await ended(database, id, 5_000)).toBe('canceled');
    await expectNoJobsLeft(database);
  } finally {
    platform.cloud.kill('SIGCONT');
  }
});

it('waits with a reason while the platform is away, and goes on when it is back', async () => {
  const cluster = await environment(database, 'away', { regions: ['eu'] });
  await expect.poll(async () => (await account())?.seenAt).not.toBeNull();
  platform.cloud.kill('SIGKILL');
  await platform.cloud.exited;

  const id = await deployTo('away');
  await expect
    .poll(async () => (await stageRow(database, id, 'deploy')).waiting, { timeout: 15_000 })
    .toMatchObject({ kind: 'platform', reason: { key: expect.stringMatching(/^engine\.platform/) } });
  await expect.poll(async () => (await account())?.error, { timeout: 10_000 }).toContain('local cloud');
  const back = await startCloudProcess(platform.cloud.dir);
  platform = { ...platform, cloud: back };

  expect(await ended(database, id, 30_000)).toBe('succeeded');
  await expect.poll(async () => (await account())?.error, { timeout: 10_000 }).toBeNull();
  const told = await database.db.select().from(events).where(eq(events.kind, 'account')).orderBy(events.seq);
  expect(told.map((event) => event.status)).toEqual(['reachable', 'lost', 'reachable']);
  const rows = () => database.db.select().from(serverGroups).where(eq(serverGroups.cluster, cluster));
  await expect.poll(async () => (await rows()).length).toBe(1);
}, 60_000);

it('survives that the database ends all its connections', async () => {
  const cluster = await environment(database, 'blip', { regions: ['eu'] });
  const id = await deployTo('blip');
  await database.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );

  await expect
    .poll(async () => (await database.db.select().from(executions).where(eq(executions.id, id)))[0]?.status, {
      timeout: 20_000,
    })
    .toBe('succeeded');

  const rows = () => database.db.select().from(serverGroups).where(eq(serverGroups.cluster, cluster));
  await expect.poll(async () => (await rows()).length, { timeout: 10_000 }).toBe(1);
}, 40_000);
