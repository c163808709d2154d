import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { chain, createEffects, expectEachOnce } from '@/server/engine/testing/effects';
import { ended, executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { startWorker, type WorkerProcess } from '@/server/engine/testing/worker-process';

/** Workers are real processes that are really killed. */

const database = await testDatabase();
const workers: WorkerProcess[] = [];

beforeAll(() => createEffects(database));

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
  await expectEachOnce(database, 1);
});

it('refuses the commit of a worker that was stopped while another took over', async () => {
  const id = await start(
    database,
    pipeline(stage('long', 'count', { holdMs: 1_000 }), stage('next', 'count', {}, ['long'])),
  );
  const sleeper = await worker();
  // Not just claimed: stopped before its call, it would only find out that the stage is over.
  await expect.poll(() => sleeper.lines.some((line) => line.includes('begun long'))).toBe(true);
  sleeper.kill('SIGSTOP');
  await worker();
  expect(await ended(database, id)).toBe('succeeded');

  sleeper.kill('SIGCONT');

  await expect
    .poll(() => sleeper.lines.some((line) => line.includes('job let go')), { timeout: 10_000 })
    .toBe(true);
  const asked = async () =>
    (await database.db.execute(sql`SELECT sum(stale)::int AS stale, max(asked) AS asked FROM effects`))
      .rows[0];
  // The platform saw the old worker's call, knew it by its fence, and could refuse it.
  await expect.poll(asked).toEqual({ stale: 1, asked: 2 });
  const completions = await database.db.execute(sql`SELECT stage FROM completions`);
  expect(completions.rowCount).toBe(2);
});

it('goes on although a frozen worker holds the lock of the execution', async () => {
  const id = await start(database, pipeline(stage('only', 'count')));
  const frozen = await database.pool.connect();
  await frozen.query('BEGIN');
  await frozen.query('SELECT 1 FROM executions WHERE id = $1 FOR UPDATE', [id]);

  await worker();

  expect(await ended(database, id)).toBe('succeeded');
  frozen.release(true);
  await expectEachOnce(database, 1);
});

/** A few at once: on a busy machine more would wait too long for a connection. */
async function startMany(count: number, length: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(10, count - ids.length) }, () =>
      start(database, chain(length)),
    );
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}

it('loses and doubles nothing when three workers are killed at random over two hundred executions', async () => {
  const length = 5;
  const count = 200;
  const ids = await startMany(count, length);
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
  await expectEachOnce(database, count * length);
}, 90_000);

it('three workers complete each stage of two hundred executions exactly once', async () => {
  await Promise.all([worker(), worker(), worker()]);
  const ids = await startMany(200, 3);

  for (const id of ids) expect(await ended(database, id, 30_000)).toBe('succeeded');
  await expectEachOnce(database, 600);
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
  const { rows } = await database.db.execute<{ claimed_by: string | null }>(
    sql`SELECT claimed_by FROM jobs WHERE kind = 'stage'`,
  );
  return rows[0]?.claimed_by ?? '';
}
