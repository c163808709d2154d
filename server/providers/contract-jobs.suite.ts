import { expect, it, vi } from 'vitest';
import { type Declared, declared } from '@/server/providers/contract-fixture';
import { type Bench, EFFECT, operation } from '@/server/providers/contract-support';
import type { Bakery, BakeSpec, JobRef, JobRunner, JobSpec, JobState } from '@/server/providers/provider';

/** What a platform with the capabilities `jobs` and `bake` must do. */
export function jobContract(bench: () => Bench, { capabilities, shows }: Declared): void {
  if (!shows.includes('commands')) return;
  if (capabilities.jobs) jobRunnerContract(bench);
  if (capabilities.bake) bakeryContract(bench);
}

function jobRunnerContract(bench: () => Bench): void {
  it('runs a job once, also when it is asked to start it twice, and hands out what it left', async () => {
    const { jobs, spec, commands } = jobBench(bench());
    const wanted = spec({ command: commands.succeeds, config: { GREETING: 'hello' } });
    const op = operation();
    await jobs.start(op, wanted);
    const first = await ended(jobs, wanted);
    expect(first).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      reason: null,
      outputs: { greeting: 'hello' },
    });
    expect(first.log).toContain('"greeting"');
    await jobs.start({ ...op, fence: op.fence + 1 }, wanted);
    expect(await jobs.describe(wanted)).toEqual(first);
    await expect(jobs.start(operation(), wanted)).rejects.toMatchObject({ code: 'conflict' });
    await expect(jobs.start(op, wanted)).rejects.toMatchObject({ code: 'fenced', retryable: false });
  });

  it('says how a job failed, with its last words', async () => {
    const { jobs, spec, commands } = jobBench(bench());
    const wanted = spec({ command: commands.fails });
    await jobs.start(operation(), wanted);
    const state = await ended(jobs, wanted);
    expect(state).toMatchObject({ status: 'failed', exitCode: 3 });
    expect(state.reason).not.toBeNull();
    expect(state.log).toContain('out of cheese');
    expect(Date.parse(state.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(state.startedAt));
  });

  it('ends a job when its time is over', async () => {
    const { jobs, spec, commands } = jobBench(bench());
    const wanted = spec({ command: commands.endless, timeoutSeconds: 1 });
    await jobs.start(operation(), wanted);
    const state = await ended(jobs, wanted);
    expect(state.status).toBe('failed');
    // A time-out is the job's own failure, not a lost end.
    expect(state.exitCode).not.toBeNull();
  });

  it('cancels a job; one that has ended or never was is canceled already', async () => {
    const { jobs, spec, commands } = jobBench(bench());
    const wanted = spec({ command: commands.endless });
    await jobs.start(operation(), wanted);
    expect(await jobs.describe(wanted)).toMatchObject({ status: 'running', endedAt: null, exitCode: null });
    await jobs.cancel(operation(), wanted);
    expect((await ended(jobs, wanted)).status).toBe('canceled');
    await jobs.cancel(operation(), wanted);
    const nobody = { region: wanted.region, name: `${wanted.name}-nobody` };
    await jobs.cancel(operation(), nobody);
    expect(await jobs.describe(nobody)).toBeNull();
    const late = jobs.start(operation(), { ...wanted, ...nobody });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
  });

  it('tells a watcher by name that a job has started and ended', async () => {
    const { jobs, spec, commands, provider } = jobBench(bench());
    const wanted = spec({ command: commands.succeeds });
    const leaving = new AbortController();
    const seen: (string | null)[] = [];
    const watching = (async () => {
      for await (const notice of provider.watch(leaving.signal)) seen.push(notice.cluster);
    })();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), EFFECT);
    await jobs.start(operation(), wanted);
    await ended(jobs, wanted);
    const notices = () => seen.filter((name) => name === wanted.name);
    await vi.waitFor(() => expect(notices().length).toBeGreaterThan(1), EFFECT);
    leaving.abort();
    await watching;
  });
}

function bakeryContract(bench: () => Bench): void {
  it('bakes an artifact that runs as a server group', async () => {
    const { bakery, bake, commands, create, spec } = bakeBench(bench());
    const wanted = bake('1.0.0', commands.changes('a'));
    await bakery.start(operation(), wanted);
    const state = await ended(bakery, wanted);
    expect(state).toMatchObject({ status: 'succeeded', artifact: wanted.into });
    const { artifact } = (await bakery.describe(wanted)) ?? {};
    if (!artifact) throw new Error('a bake that succeeded has a result');
    expect(artifact.digest).not.toBe(wanted.from.digest);
    const group = await create(spec(0, { artifact }));
    expect(group.artifact).toEqual(artifact);
  });

  it('never bakes over an artifact that exists', async () => {
    const { bakery, bake, commands, provider } = bakeBench(bench());
    const [first, other] = [bake('1.0.0', commands.changes('a')), bake('1.0.0', commands.changes('b'))];
    await bakery.start(operation(), first);
    await ended(bakery, first);
    const made = (await bakery.describe(first))?.artifact;
    await bakery.start(operation(), other);
    expect(await ended(bakery, other)).toMatchObject({ status: 'failed', artifact: null });
    if (provider.artifacts) expect(await provider.artifacts.list()).toContainEqual(made);
    const canceled = bake('2.0.0', commands.endless);
    await bakery.start(operation(), canceled);
    await bakery.cancel(operation(), canceled);
    expect(await ended(bakery, canceled)).toMatchObject({ status: 'canceled', artifact: null });
  });
}

let counter = 0;

function jobBench(bench: Bench) {
  const { provider, fixture, region, application } = bench;
  const jobs = declared(provider.jobs, 'jobs');
  const commands = declared(fixture.commands, 'commands');
  const spec = (overrides: Partial<JobSpec> = {}): JobSpec => ({
    region,
    name: `${application}-job-${process.pid}-${counter++}`,
    application,
    artifact: fixture.artifacts[0],
    command: [],
    config: {},
    timeoutSeconds: 60,
    ...overrides,
  });
  return { provider, jobs, commands, spec };
}

function bakeBench(bench: Bench) {
  const { provider, fixture, region, application, create, spec, cluster } = bench;
  const bakery = declared(provider.bakery, 'bakery');
  const commands = declared(fixture.commands, 'commands');
  const bake = (version: string, command: readonly string[]): BakeSpec => ({
    region,
    name: `${application}-bake-${process.pid}-${counter++}`,
    application,
    from: fixture.artifacts[0],
    into: { name: `${cluster}-baked`, version },
    command,
    config: {},
    timeoutSeconds: 60,
  });
  return { provider, bakery, commands, bake, create, spec };
}

/** What a job or a bake ended as. */
function ended(runner: Pick<JobRunner | Bakery, 'describe'>, ref: JobRef): Promise<JobState> {
  return vi.waitFor(async () => {
    const state = await runner.describe(ref);
    if (!state || state.status === 'running') throw new Error(`${ref.name} has not ended`);
    return state;
  }, EFFECT);
}
