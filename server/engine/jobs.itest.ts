import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accounts, artifacts, events, executions, vetoes } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { StageDefinition } from '@/server/domain/pipeline';
import { requestCancel } from '@/server/engine/enqueue';
import { runWorker, type Worker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import {
  ended,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  silent,
  stage,
  stageRow,
  start,
} from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { processIdentity } from '@/server/local-cloud/instances/identity';
import { testService } from '@/server/local-cloud/testing/artifacts';
import { startCloudProcess } from '@/server/local-cloud/testing/cloud-process';
import { providers } from '@/server/providers/registry';

/** Jobs and bakes through the real engine on a real local cloud. */

const SECRET = 'hunter2-of-the-database';
const database = await testDatabase();
const dir = mkdtempSync(join(tmpdir(), 'signalbox-jobs-'));
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let revived: Awaited<ReturnType<typeof startCloudProcess>> | undefined;

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  await database.db.insert(artifacts).values(v1);
  await environment(database, 'prod', { config: { DATABASE_PASSWORD: SECRET, LEVEL: 'info' } });
  const { local } = providers;
  // The same platform without the two abilities, for the refusals.
  const poor = {
    ...local,
    async load(account: string, config: Parameters<typeof local.load>[1]) {
      const { jobs: _jobs, bakery: _bakery, ...rest } = await local.load(account, config);
      return rest;
    },
  };
  const [row] = await database.db.select().from(accounts);
  await database.db.insert(accounts).values({ name: 'poor', provider: 'poor', config: row?.config ?? {} });
  worker = await runWorker({
    database: { ...database, close: async () => undefined },
    stageTypes,
    providers: { local, poor },
    version: 'test',
    logger: silent,
    onLost: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  revived?.kill('SIGTERM');
  await revived?.exited;
  await platform.stop();
  rmSync(dir, { recursive: true, force: true });
});

const node = (script: string) => ['node', '-e', script];

/** Says its pid in a file, and ends when there is a second one. */
function gate(name: string) {
  const [begun, open] = [join(dir, `${name}.begun`), join(dir, `${name}.open`)];
  const script = `
    const { existsSync, writeFileSync } = require('node:fs');
    writeFileSync('${begun}', String(process.pid));
    setInterval(() => existsSync('${open}') && process.exit(0), 20);`;
  return {
    command: node(script),
    pid: () =>
      vi.waitFor(() => {
        const pid = existsSync(begun) ? Number(readFileSync(begun, 'utf8')) : 0;
        if (pid === 0) throw new Error(`${name} has not begun`);
        return pid;
      }, 20_000),
    open: () => writeFileSync(open, ''),
  };
}

function run(...stages: StageDefinition[]): Promise<string> {
  return start(database, pipeline(...stages), { artifact: v1 });
}

/** Runs one stage to its end. */
async function only(type: string, config: Record<string, unknown>, artifact: ArtifactRef | null = v1) {
  const id = await start(database, pipeline(stage('only', type, config)), { artifact });
  const status = await ended(database, id);
  const row = await stageRow(database, id, 'only');
  return { id, status, row, error: row.error, told: JSON.stringify([row.log, row.error, row.outputs]) };
}

describe('running a job', () => {
  it('gives the command its configuration, and its results to later stages, without secrets', async () => {
    const script = `
      console.log('password', process.env.DATABASE_PASSWORD);
      console.log(JSON.stringify({ rows: 3, level: process.env.LEVEL, batch: process.env.BATCH, saw: process.env.DATABASE_PASSWORD, version: process.env.SIGNALBOX_ARTIFACT_VERSION }));`;
    const id = await run(
      stage('migrate', 'runJob', { environment: 'prod', command: node(script), config: { BATCH: '50' } }),
      stage(
        'use',
        'evaluateVariables',
        { variables: [{ key: 'rows', value: '${stages.migrate.outputs.rows}' }] },
        ['migrate'],
      ),
    );
    expect(await ended(database, id)).toBe('succeeded');
    const { outputs, log } = await stageRow(database, id, 'migrate');
    expect(outputs).toMatchObject({
      rows: 3,
      exitCode: 0,
      level: 'info',
      batch: '50',
      saw: '•••',
      version: '1.0.0',
    });
    expect(log.map((entry) => entry.text.key)).toEqual(['engine.did.startedJob', 'engine.did.ranJob']);
    expect((await stageRow(database, id, 'use')).outputs).toEqual({ rows: 3 });
  });

  it('fails with the command, and tells its last words without secrets', async () => {
    const script = `console.log('so far'); throw new Error('cannot sign in with ' + process.env.DATABASE_PASSWORD)`;
    const { status, row, error, told } = await only('runJob', { environment: 'prod', command: node(script) });
    expect(status).toBe('failed');
    expect(error).toEqual({
      key: 'engine.job.failed',
      values: { reason: 'exited with code 1: Error: cannot sign in with •••' },
    });
    expect(row.outputs).toMatchObject({ exitCode: 1 });
    expect(row.log.map((entry) => entry.text.values.text)).toContain('so far');
    expect(told).not.toContain(SECRET);
  });

  it('fails when it takes too long', async () => {
    const { status, error } = await only('runJob', {
      account: 'laptop',
      region: 'us',
      artifact: { name: 'shop', version: '1.0.0' },
      command: ['sleep', '600'],
      timeoutSeconds: 1,
    });
    expect(status).toBe('failed');
    expect(error?.values.reason).toBe('was ended after 1 s, the time it was given');
  });

  it('ends the process when its execution is canceled, and when its own time is up', async () => {
    const canceled = gate('canceled');
    const late = gate('late');
    const config = { environment: 'prod', region: 'us' };
    const id = await run(stage('only', 'runJob', { ...config, command: canceled.command }));
    const timed = { ...stage('only', 'runJob', { ...config, command: late.command }), timeoutSeconds: 1 };
    const lateId = await run(timed);
    const pids = [await canceled.pid(), await late.pid()];
    await expect
      .poll(async () => (await stageRow(database, id, 'only')).waiting)
      .toMatchObject({ kind: 'platform', reason: { key: 'engine.wait.job', values: { region: 'us' } } });
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect(await ended(database, id)).toBe('canceled');
    expect(await ended(database, lateId)).toBe('failed');
    await expect.poll(() => pids.map(processIdentity)).toEqual([null, null]);
    for (const one of [id, lateId]) {
      await expect
        .poll(async () => (await stageRow(database, one, 'only')).log.at(-1)?.text.key)
        .toBe('engine.did.endedJob');
    }
    await expectNoJobsLeft(database);
  });

  it('refuses what cannot work, in words', async () => {
    const at = { environment: 'prod', command: ['true'] };
    const refusal = async (config: Record<string, unknown>, artifact: ArtifactRef | null = v1) =>
      (await only('runJob', config, artifact)).error?.key;
    expect(await refusal({ ...at, environment: 'nowhere' })).toBe('engine.deploy.unknownEnvironment');
    expect(await refusal({ ...at, region: 'mars' })).toBe('engine.deploy.unknownRegion');
    expect(await refusal(at, null)).toBe('engine.job.noArtifact');
    expect(await refusal({ ...at, artifact: { name: 'shop', version: '9' } })).toBe(
      'engine.deploy.unknownArtifact',
    );
    // It is run in the form of its environment, which shop.image 9 is not.
    expect(await refusal(at, { ...v1, name: 'shop.image', version: '9' })).toBe('engine.deploy.noForm');
    expect(await refusal({ command: ['true'] })).toBe('engine.badConfig');
    expect(await refusal({ account: 'poor', region: 'eu', command: ['true'] })).toBe('engine.job.noJobs');
    expect(await refusal({ ...at, config: { PORT: '1' } })).toBe('engine.platformRefused');
    await database.db.insert(vetoes).values({ digest: v1.digest, reason: 'slow', by: 'Ada' });
    expect(await refusal(at)).toBe('engine.deploy.vetoed');
    await database.db.delete(vetoes).where(eq(vetoes.digest, v1.digest));
  });
});

describe('baking', () => {
  const change = (text: string) => node(`require('node:fs').writeFileSync('baked.txt', '${text}')`);

  it('makes an artifact that later stages deploy', async () => {
    const id = await start(
      database,
      pipeline(
        stage('bake', 'bake', {
          environment: 'prod',
          version: '${parameters.version}',
          command: change('a'),
        }),
        stage('deploy', 'deploy', { environment: 'prod', strategy: 'redblack', regions: ['eu'] }, ['bake']),
      ),
      { artifact: v1, environment: 'prod', parameters: { version: '1.0.0-baked' } },
    );
    expect(await ended(database, id)).toBe('succeeded');
    const { artifact: name, version, digest } = await executionRow(database, id);
    expect({ name, version }).toEqual({ name: 'shop', version: '1.0.0-baked' });
    expect(digest).not.toBe(v1.digest);
    const [group] = await platform.groups('shop-prod');
    expect(group?.artifact).toEqual({ name, version, digest });
    expect((await stageRow(database, id, 'bake')).outputs).toMatchObject({
      name,
      version,
      digest,
      exitCode: 0,
    });
    const [row] = await database.db
      .select()
      .from(artifacts)
      .where(and(eq(artifacts.name, 'shop'), eq(artifacts.version, '1.0.0-baked')));
    expect(row).toMatchObject({ digest, metadata: { bakedFrom: 'shop 1.0.0', bakedBy: id } });
    const told = await database.db.select().from(events).where(eq(events.kind, 'artifact'));
    expect(told.map((event) => event.subject)).toContain('shop');
  }, 60_000);

  it('never changes an artifact that exists, on the platform or in our own list', async () => {
    const at = { account: 'laptop', region: 'eu', from: { name: 'shop', version: '1.0.0' }, name: 'tool' };
    const bake = (version: string, text: string) =>
      only('bake', { ...at, version, command: change(text) }, null);
    expect((await bake('1.0.0', 'a')).status).toBe('succeeded');
    // The same again is the same artifact.
    expect((await bake('1.0.0', 'a')).status).toBe('succeeded');
    const other = await bake('1.0.0', 'b');
    expect(other.status).toBe('errored');
    expect(other.error?.values.reason).toContain('tool 1.0.0 is already published with other content');
    await database.db.insert(artifacts).values({ name: 'tool', version: '2.0.0', digest: 'sha256:other' });
    const known = await bake('2.0.0', 'a');
    expect([known.status, known.error?.key]).toEqual(['errored', 'engine.job.otherContent']);
    expect((await executionRow(database, known.id)).artifact).toBeNull();
  });

  it('says why it failed, and leaves nothing when it is canceled', async () => {
    const at = { environment: 'prod', name: 'tool' };
    const failed = await only('bake', { ...at, version: '3.0.0', command: node('process.exit(4)') });
    expect([failed.status, failed.error?.values.reason]).toEqual(['failed', 'exited with code 4']);
    const broken = await only('bake', { ...at, version: '3.0.0', command: ['rm', 'signalbox.json'] });
    expect(broken.error?.values.reason).toContain('no readable signalbox.json');
    expect((await only('bake', { ...at, version: '3.0.0', command: ['true'] }, null)).error?.key).toBe(
      'engine.job.noArtifact',
    );
    const poor = { account: 'poor', region: 'eu', version: '3.0.0', command: ['true'] };
    expect((await only('bake', poor)).error?.key).toBe('engine.job.noBakery');

    const long = gate('baking');
    const id = await run(stage('only', 'bake', { ...at, version: '3.0.0', command: long.command }));
    const pid = await long.pid();
    await database.db.transaction((tx) => requestCancel(tx, id, 'Ada', null));
    expect(await ended(database, id)).toBe('canceled');
    await expect.poll(() => processIdentity(pid)).toBeNull();
    await expectNoJobsLeft(database);
    const published = await platform.provider.artifacts?.list();
    expect(published?.filter(({ name, version }) => name === 'tool' && version === '3.0.0')).toEqual([]);
  });
});

it('sees a job through although its platform is killed in the middle of it', async () => {
  const job = gate('survivor');
  const id = await run(stage('only', 'runJob', { environment: 'prod', command: job.command }));
  const pid = await job.pid();
  platform.cloud.kill('SIGKILL');
  await platform.cloud.exited;
  job.open();
  await expect.poll(() => processIdentity(pid)).toBeNull();
  revived = await startCloudProcess(platform.cloud.dir);
  expect(await ended(database, id)).toBe('succeeded');
  const [row] = await database.db.select().from(executions).where(eq(executions.id, id));
  expect(row?.error).toBeNull();
});
