import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { ArtifactRef } from '@/server/domain/inventory';
import { processIdentity } from '@/server/local-cloud/instances/identity';
import { tgz } from '@/server/local-cloud/testing/artifacts';
import { TestClient } from '@/server/local-cloud/testing/client';
import {
  bundleLocalCloud,
  type CloudProcess,
  disposeDir,
  startCloudProcess,
  temporaryCloudDir,
} from '@/server/local-cloud/testing/cloud-process';
import type { JobView } from '@/server/local-cloud/verbs/jobs';

const EFFECT = { timeout: 20_000, interval: 50 };
const running: CloudProcess[] = [];
const dirs = new Set<string>();

/** Says its pid, waits until the file GATE is there, then ends as the file says. */
const GATED = `
  const { existsSync, readFileSync, writeFileSync } = require('node:fs');
  writeFileSync(process.env.GATE + '.pid', String(process.pid));
  const look = setInterval(() => {
    if (!existsSync(process.env.GATE)) return;
    clearInterval(look);
    console.log(JSON.stringify({ gate: readFileSync(process.env.GATE, 'utf8') }));
    process.exit(Number(readFileSync(process.env.GATE, 'utf8')));
  }, 20);`;

async function start(dir = temporaryCloudDir(), environment: Record<string, string> = {}) {
  await bundleLocalCloud();
  const cloud = await startCloudProcess(dir, environment);
  running.push(cloud);
  dirs.add(dir);
  return { cloud, jobs: new Jobs(cloud) };
}

class Jobs extends TestClient {
  artifact(): Promise<ArtifactRef> {
    return tgz({
      'signalbox.json': JSON.stringify({ command: ['node', 'main.js'], healthPath: '/' }),
      'main.js': 'console.log("main of", process.env.SIGNALBOX_ARTIFACT_VERSION)',
    }).then((bytes) => this.publish('tool', '1.0.0', bytes));
  }

  async run(name: string, command: string[], more: Record<string, unknown> = {}): Promise<void> {
    await this.must('PUT', path('jobs', name), {
      application: 'shop',
      artifact: await this.artifact(),
      command,
      config: {},
      timeoutSeconds: 60,
      ...more,
    });
  }

  async bake(name: string, version: string, command: string[], config = {}): Promise<void> {
    await this.must('PUT', path('bakes', name), {
      application: 'shop',
      from: await this.artifact(),
      into: { name: 'baked', version },
      command,
      config,
      timeoutSeconds: 60,
    });
  }

  async job(name: string, kind = 'jobs'): Promise<JobView> {
    return (await this.must<{ job: JobView }>('GET', path(kind, name))).job;
  }

  ended(name: string, kind = 'jobs'): Promise<JobView> {
    return vi.waitFor(async () => {
      const job = await this.job(name, kind);
      if (job.status === 'running') throw new Error(`${name} still runs`);
      return job;
    }, EFFECT);
  }

  /** A job that runs until its gate opens. */
  async gated(
    name: string,
    begin = (config: object) => this.run(name, ['node', '-e', GATED], { config }),
  ): Promise<{ pid: number; open(exitCode: number): void }> {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-gate-'));
    dirs.add(dir);
    const gate = join(dir, 'gate');
    await begin({ GATE: gate });
    const pid = await vi.waitFor(() => {
      const said = Number(readFileSync(`${gate}.pid`, 'utf8'));
      if (said === 0) throw new Error('not written yet');
      return said;
    }, EFFECT);
    return { pid, open: (exitCode) => writeFileSync(gate, String(exitCode)) };
  }
}

function path(kind: string, name: string): string {
  return `/v1/regions/eu/${kind}/${name}`;
}

async function crash(cloud: CloudProcess): Promise<void> {
  cloud.kill('SIGKILL');
  await cloud.exited;
}

const gone = (pid: number) => expect.poll(() => processIdentity(pid), EFFECT).toBeNull();

afterEach(async () => {
  for (const cloud of running.splice(0)) await crash(cloud);
  for (const dir of dirs) disposeDir(dir);
  dirs.clear();
});

it('runs a command in a copy of the artifact, with its configuration and nothing of the platform', async () => {
  const { cloud, jobs } = await start();
  const script = `
    require('node:fs').writeFileSync('left.txt', 'x');
    console.error(Object.keys(process.env).filter((key) => /TOKEN/.test(key)).join() || 'no token');
    console.log(JSON.stringify({ files: require('node:fs').readdirSync('.'), region: process.env.SIGNALBOX_REGION, level: process.env.LEVEL }));`;
  for (const name of ['first', 'second']) {
    await jobs.run(name, ['node', '-e', script], { config: { LEVEL: 'very-high' } });
    expect(await jobs.ended(name)).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      reason: null,
      log: expect.stringContaining('no token'),
      outputs: { files: ['left.txt', 'main.js', 'signalbox.json'], region: 'eu', level: 'very-high' },
    });
  }
  await jobs.run('own', []);
  expect((await jobs.ended('own')).log).toBe('main of 1.0.0\n');
  const folder = join(cloud.dir, 'jobs');
  await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.json')), EFFECT).toEqual([]);
  expect(readFileSync(join(cloud.dir, 'state.json'), 'utf8')).not.toContain('very-high');
});

it('says how a command failed', async () => {
  const { jobs } = await start();
  await jobs.run('bad', ['node', '-e', 'console.log("so far"); throw new Error("no such table")']);
  const bad = await jobs.ended('bad');
  expect(bad).toMatchObject({
    status: 'failed',
    exitCode: 1,
    reason: 'exited with code 1: Error: no such table',
  });
  expect(bad.log).toMatch(/^so far\n[^]*Error: no such table/);
  await jobs.run('missing', ['no-such-program']);
  expect(await jobs.ended('missing')).toMatchObject({ status: 'failed', exitCode: 127 });
});

it('ends a job when its time is over or when it is told to, with everything it has started', async () => {
  const { jobs } = await start();
  const child = 'require("node:child_process").spawn("sleep", ["600"], { stdio: "ignore" }).pid';
  const script = `console.log(JSON.stringify({ child: ${child} })); setInterval(() => undefined, 1000);`;
  const childOf = async (name: string) =>
    Number(/"child":(\d+)/.exec((await jobs.job(name)).log)?.[1] ?? Number.NaN);
  await jobs.run('slow', ['node', '-e', script], { timeoutSeconds: 1 });
  await jobs.run('unwanted', ['node', '-e', script]);
  await expect.poll(() => childOf('unwanted'), EFFECT).toBeGreaterThan(0);
  await jobs.must('POST', `${path('jobs', 'unwanted')}/cancel`);
  expect(await jobs.ended('unwanted')).toMatchObject({ status: 'canceled', reason: 'was canceled' });
  expect(await jobs.ended('slow')).toMatchObject({
    status: 'failed',
    exitCode: 143,
    reason: 'was ended after 1 s, the time it was given',
  });
  await gone(await childOf('unwanted'));
  await gone(await childOf('slow'));
  await jobs.must('POST', `${path('jobs', 'unwanted')}/cancel`);
  await jobs.must('POST', `${path('jobs', 'never-was')}/cancel`);
  // Its start may come late, from a worker that nobody waits for any more.
  await expect(jobs.run('never-was', ['true'])).rejects.toThrow('was canceled before it was started');
});

it('goes on with jobs after kill -9, and knows how those ended that ended meanwhile', async () => {
  const { cloud, jobs } = await start();
  const meanwhile = await jobs.gated('meanwhile');
  const afterwards = await jobs.gated('afterwards');
  const unwanted = await jobs.gated('unwanted');
  const image = await jobs.gated('image', (config) =>
    jobs.bake('image', '1.0.0', ['node', '-e', GATED], config),
  );
  await crash(cloud);
  meanwhile.open(3);
  image.open(0);
  await gone(meanwhile.pid);
  await gone(image.pid);

  const again = await start(cloud.dir);
  expect(await again.jobs.ended('meanwhile')).toMatchObject({
    status: 'failed',
    exitCode: 3,
    outputs: { gate: '3' },
  });
  expect((await again.jobs.job('afterwards')).status).toBe('running');
  afterwards.open(0);
  expect(await again.jobs.ended('afterwards')).toMatchObject({
    status: 'succeeded',
    exitCode: 0,
    outputs: { gate: '0' },
  });
  await again.jobs.must('POST', `${path('jobs', 'unwanted')}/cancel`);
  expect((await again.jobs.ended('unwanted')).status).toBe('canceled');
  await gone(unwanted.pid);
  expect(await again.jobs.ended('image', 'bakes')).toMatchObject({ artifact: { name: 'baked' } });
});

it('fails a job whose end nobody saw, and one that was being started, rather than run it twice', async () => {
  const { cloud, jobs } = await start();
  const lost = await jobs.gated('lost');
  const begun = await jobs.gated('begun');
  await crash(cloud);
  const folder = join(cloud.dir, 'jobs');
  const records = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(records).toHaveLength(2);
  for (const name of records) {
    const record: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { id, pid } = Object(record);
    // The shell that would record the exit code leads the group.
    if (existsSync(join(folder, id, 'work')) && processGroupOf(lost.pid) === pid)
      process.kill(-pid, 'SIGKILL');
    else writeFileSync(join(folder, name), JSON.stringify({ id, pid: null, processStartedAt: null }));
  }
  await gone(lost.pid);

  const again = await start(cloud.dir);
  expect(await again.jobs.ended('lost')).toMatchObject({
    status: 'failed',
    exitCode: null,
    reason: 'it ended while the platform was away, and its exit code is not known',
  });
  expect(await again.jobs.ended('begun')).toMatchObject({
    status: 'failed',
    exitCode: null,
    reason: expect.stringContaining('went down as it started the job'),
  });
  await gone(begun.pid);
});

it('ends jobs on SIGTERM, or leaves them to the next start when told to keep', async () => {
  const { cloud, jobs } = await start();
  const ended = await jobs.gated('ended');
  cloud.kill('SIGTERM');
  expect(await cloud.exited).toBe(0);
  expect(processIdentity(ended.pid)).toBeNull();
  const keep = await start(cloud.dir, { SIGNALBOX_CLOUD_KEEP: '1' });
  expect(await keep.jobs.job('ended')).toMatchObject({
    status: 'failed',
    reason: 'the platform was shut down while it ran',
  });
  const kept = await keep.jobs.gated('kept');
  keep.cloud.kill('SIGTERM');
  expect(await keep.cloud.exited).toBe(0);
  const last = await start(cloud.dir);
  expect((await last.jobs.job('kept')).status).toBe('running');
  kept.open(0);
  expect((await last.jobs.ended('kept')).status).toBe('succeeded');
});

it('bakes a new artifact that is there to deploy, and refuses to change one', async () => {
  const { jobs } = await start();
  const write = (text: string) => `require('node:fs').writeFileSync('added.txt', '${text}')`;
  await jobs.bake('one', '1.0.0', ['node', '-e', write('a')]);
  const one = await jobs.ended('one', 'bakes');
  expect(one).toMatchObject({ status: 'succeeded', artifact: { name: 'baked', version: '1.0.0' } });
  await jobs.bake('same', '1.0.0', ['node', '-e', write('a')]);
  expect((await jobs.ended('same', 'bakes')).artifact).toEqual(one.artifact);
  await jobs.bake('other', '1.0.0', ['node', '-e', write('b')]);
  expect(await jobs.ended('other', 'bakes')).toMatchObject({
    status: 'failed',
    artifact: null,
    reason: expect.stringContaining('baked 1.0.0 is already published with other content'),
  });
  await jobs.bake('broken', '2.0.0', ['rm', 'signalbox.json']);
  expect((await jobs.ended('broken', 'bakes')).reason).toContain('no readable signalbox.json');
  await jobs.run('use', ['cat', 'added.txt'], { artifact: one.artifact });
  expect((await jobs.ended('use')).log).toBe('a');
  // Bakes and jobs do not share names.
  expect((await jobs.call('GET', path('jobs', 'one'))).status).toBe(404);
});

it('refuses what cannot work, and forgets old jobs', async () => {
  const { cloud, jobs } = await start();
  const body = { application: 'shop', command: [], config: {}, timeoutSeconds: 5 };
  const artifact = await jobs.artifact();
  const ask = (where: string, more: object) => jobs.call('PUT', where, { ...body, artifact, ...more });
  expect(await ask('/v1/regions/mars/jobs/x', {})).toMatchObject({
    status: 400,
    body: { error: { message: 'region mars does not exist here: choose eu or us' } },
  });
  expect(await ask(path('jobs', 'x'), { config: { SIGNALBOX_REGION: 'us' } })).toMatchObject({ status: 400 });
  expect(await ask(path('jobs', 'x'), { artifact: { ...artifact, version: '9' } })).toMatchObject({
    status: 404,
  });
  expect(await ask(path('jobs', 'x'), { timeoutSeconds: 0 })).toMatchObject({ status: 400 });
  expect(await ask(path('jobs', 'x'), {})).toMatchObject({ status: 200 });
  expect(await ask(path('jobs', 'x'), {})).toMatchObject({ status: 409 });
  await jobs.ended('x');

  await crash(cloud);
  const file = join(cloud.dir, 'state.json');
  const state: { jobs: { id: string; name: string; ended: { at: string } }[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const [one] = state.jobs;
  const old = Array.from({ length: 200 }, (_, index) => ({
    ...one,
    id: `j-${index}`,
    name: `old-${index}`,
    ended: { ...one?.ended, at: new Date(1_000 * index).toISOString() },
  }));
  writeFileSync(file, JSON.stringify({ ...state, jobs: old }));
  const again = await start(cloud.dir);
  await again.jobs.run('newest', ['true']);
  await again.jobs.ended('newest');
  expect((await again.jobs.call('GET', path('jobs', 'old-0'))).status).toBe(404);
  expect((await again.jobs.call('GET', path('jobs', 'old-1'))).status).toBe(200);
});

function processGroupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}
