import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { CRASH_POINTS } from '@/server/engine/crash-point';
import {
  ended,
  executionRow,
  expectNoJobsLeft,
  pipeline,
  stage,
  start,
} from '@/server/engine/testing/harness';
import { startWorker, type WorkerProcess } from '@/server/engine/testing/worker-process';

/** Workers are real processes that are really killed. */

const database = await testDatabase();
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  await database.db.execute(sql`
    CREATE TABLE effects (
      operation text PRIMARY KEY, asked int NOT NULL DEFAULT 1, fence bigint NOT NULL, stale int NOT NULL DEFAULT 0
    )`);
  // Counts completions where nothing can hide a second one.
  await database.db.execute(sql`CREATE TABLE completions (stage uuid, status text)`);
  await database.db.execute(sql`
    CREATE FUNCTION count_completion() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO completions VALUES (NEW.id, NEW.status); RETURN NULL; END $$`);
  await database.db.execute(sql`
    CREATE TRIGGER completed AFTER UPDATE ON stages FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION count_completion()`);
});

afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  workers.length = 0;
  await database.db.execute(sql`TRUNCATE effects, completions`);
});

async function worker(environment: Record<string, string> = {}): Promise<WorkerProcess> {
  const started = await startWorker('server/engine/testing/counting-worker.ts', {
    DATABASE_URL: database.url,
    ...environment,
  });
  workers.push(started);
  return started;
}

const chain = (length: number) =>
  pipeline(
    ...Array.from({ length }, (_, index) =>
      stage(`s${index}`, 'count', {}, index === 0 ? [] : [`s${index - 1}`]),
    ),
  );

async function expectEachOnce(stages: number): Promise<void> {
  const { rows } = await database.db.execute(sql`
    SELECT (SELECT count(*)::int FROM effects) AS effects,
           (SELECT sum(stale)::int FROM effects) AS stale,
           (SELECT count(*)::int FROM completions) AS completions,
           (SELECT count(DISTINCT stage)::int FROM completions) AS completed`);
  expect(rows[0]).toEqual({ effects: stages, stale: 0, completions: stages, completed: stages });
  await expectNoJobsLeft(database);
}

describe.each(CRASH_POINTS)('a worker that is killed %s', (point) => {
  it.each([1, 2, 3])('on pass %i is replaced, and everything happens once', async (pass) => {
    const id = await start(database, chain(3));
    const victim = await startWorker('server/engine/testing/counting-worker.ts', {
      DATABASE_URL: database.url,
      SIGNALBOX_CRASH_AT: `${point}:${pass}`,
    });
    expect(await victim.exited).toBe('SIGKILL');
    expect((await executionRow(database, id)).endedAt).toBeNull();

    await worker();

    expect(await ended(database, id)).toBe('succeeded');
    await expectEachOnce(3);
  });
});

it('goes on with another worker when one is killed in the middle of a task', async () => {
  const id = await start(database, pipeline(stage('long', 'count', { holdMs: 1_500 })));
  const victim = await worker();
  await expect.poll(async () => claimedBy()).toContain(`-${victim.pid}-`);
  await worker();
  const killedAt = performance.now();
  victim.kill('SIGKILL');

  await expect
    .poll(async () => claimedBy(), { timeout: 10_000, interval: 20 })
    .not.toContain(`-${victim.pid}-`);
  process.stdout.write(`takeover after kill -9: ${Math.round(performance.now() - killedAt)} ms\n`);

  expect(await ended(database, id)).toBe('succeeded');
  await expectEachOnce(1);
});

it('refuses the commit of a worker that was stopped while another took over', async () => {
  const id = await start(
    database,
    pipeline(stage('long', 'count', { holdMs: 1_000 }), stage('next', 'count', {}, ['long'])),
  );
  const sleeper = await worker();
  await expect.poll(async () => claimedBy()).toContain(`-${sleeper.pid}-`);
  sleeper.kill('SIGSTOP');
  await worker();
  expect(await ended(database, id)).toBe('succeeded');

  sleeper.kill('SIGCONT');

  await expect
    .poll(() => sleeper.lines.some((line) => line.includes('job let go')), { timeout: 10_000 })
    .toBe(true);
  const { rows } = await database.db.execute(
    sql`SELECT sum(stale)::int AS stale, max(asked) AS asked FROM effects`,
  );
  // The platform saw the old worker's call, knew it by its fence, and could refuse it.
  expect(rows[0]).toEqual({ stale: 1, asked: 2 });
  const completions = await database.db.execute(sql`SELECT stage FROM completions`);
  expect(completions.rowCount).toBe(2);
});

it('loses and doubles nothing when three workers are killed at random over two hundred executions', async () => {
  const length = 5;
  const count = 200;
  const ids = await Promise.all(Array.from({ length: count }, () => start(database, chain(length))));
  const pool = await Promise.all([worker(), worker(), worker()]);
  let kills = 0;
  const open = async () => {
    const { rows } = await database.db.execute<{ open: number }>(
      sql`SELECT count(*)::int AS open FROM executions WHERE ended_at IS NULL`,
    );
    return rows[0]?.open ?? 0;
  };
  for (let before = await open(); before > 20 && kills < 10; ) {
    // Kill only while work is being done, so that each kill hits something.
    await expect.poll(open, { timeout: 15_000, interval: 10 }).toBeLessThan(before);
    const index = kills % pool.length;
    pool[index]?.kill('SIGKILL');
    kills += 1;
    pool[index] = await worker();
    before = await open();
  }

  for (const id of ids) expect(await ended(database, id, 30_000)).toBe('succeeded');
  process.stdout.write(`chaos: ${kills} kills\n`);
  expect(kills).toBeGreaterThan(0);
  await expectEachOnce(count * length);
}, 90_000);

it('three workers complete each stage of two hundred executions exactly once', async () => {
  await Promise.all([worker(), worker(), worker()]);
  const ids = await Promise.all(Array.from({ length: 200 }, () => start(database, chain(3))));

  for (const id of ids) expect(await ended(database, id, 30_000)).toBe('succeeded');
  await expectEachOnce(600);
}, 60_000);

it('hands its work back at SIGTERM, and another worker goes on at once', async () => {
  const id = await start(database, pipeline(stage('long', 'count', { holdMs: 60_000 })));
  const leaver = await worker();
  await expect.poll(async () => claimedBy()).toContain(`-${leaver.pid}-`);

  leaver.kill('SIGTERM');

  expect(await leaver.exited).toBe(0);
  expect(await claimedBy()).toBe('');
  expect((await executionRow(database, id)).endedAt).toBeNull();
  await database.db.execute(sql`TRUNCATE executions CASCADE`);
  await database.db.execute(sql`TRUNCATE jobs`);
});

async function claimedBy(): Promise<string> {
  const { rows } = await database.db.execute<{ claimed_by: string | null }>(sql`SELECT claimed_by FROM jobs`);
  return rows[0]?.claimed_by ?? '';
}
