import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Transaction } from '@/db/client';
import { jobs } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { claimJobs } from '@/server/engine/queue/claim';
import { enqueueJobs } from '@/server/engine/queue/enqueue-job';
import { failJob } from '@/server/engine/queue/fail';
import { finishJob, parkJob } from '@/server/engine/queue/finish';
import { type ClaimedJob, LeaseLostError } from '@/server/engine/queue/job';
import { holdLease, renewLeases } from '@/server/engine/queue/renew';
import { releaseJobs, rescheduleJob } from '@/server/engine/queue/reschedule';
import { wakeJobs, wakeKey } from '@/server/engine/queue/wake';

const { db } = await testDatabase();
beforeEach(() => db.execute(sql`TRUNCATE jobs`));

const enqueue = (executionId: string = randomUUID()) =>
  db.transaction((tx) => enqueueJobs(tx, [{ kind: 'execution', executionId }])).then(() => executionId);
const endLeases = () => db.execute(sql`UPDATE jobs SET run_at = now() - interval '1 second'`);
const rows = () => db.select().from(jobs);

async function claimOne(worker: string): Promise<ClaimedJob> {
  const [job] = await claimJobs(db, worker, 1);
  if (!job) throw new Error('nothing is due');
  return job;
}

describe('a lease', () => {
  it('keeps a job to one worker until it ends, and then counts as a failure', async () => {
    await enqueue();
    const first = await claimOne('a');
    expect(await claimJobs(db, 'b', 10)).toEqual([]);

    await endLeases();
    const second = await claimOne('b');

    expect(second).toMatchObject({ id: first.id, attempts: first.attempts + 1, failures: 1 });
  });

  it('is prolonged by renewal, which names those still held', async () => {
    await enqueue();
    await enqueue();
    const [kept, lost] = await claimJobs(db, 'a', 2);
    if (!kept || !lost) throw new Error('two were enqueued');
    await db.execute(sql`UPDATE jobs SET attempts = attempts + 1 WHERE id = ${lost.id}::bigint`);
    await endLeases();

    expect(await renewLeases(db, [kept, lost])).toEqual([{ id: kept.id, canceled: false }]);

    const due = await claimJobs(db, 'b', 2);
    expect(due.map((job) => job.id)).toEqual([lost.id]);
  });

  it('is due at once for others when it is given back', async () => {
    await enqueue();
    await releaseJobs(db, [await claimOne('a')]);

    expect(await claimOne('b')).toMatchObject({ failures: 0 });
  });

  const endings: [string, (tx: Transaction, job: ClaimedJob) => Promise<unknown>][] = [
    ['finish', finishJob],
    ['park', parkJob],
    ['fail', (tx, job) => failJob(tx, job, 'late')],
    ['reschedule', (tx, job) => rescheduleJob(tx, job, 1_000, null)],
    ['hold', holdLease],
  ];
  it.each(endings)('that was taken over cannot %s its job', async (_, end) => {
    await enqueue();
    const stale = await claimOne('a');
    await endLeases();
    await claimOne('b');
    const before = await rows();

    await expect(db.transaction((tx) => end(tx, stale))).rejects.toBeInstanceOf(LeaseLostError);

    expect(await rows()).toEqual(before);
  });

  it('that was taken over gives nothing back either', async () => {
    await enqueue();
    const stale = await claimOne('a');
    await endLeases();
    await claimOne('b');

    await releaseJobs(db, [stale]);

    expect((await rows())[0]?.claimedBy).toBe('b');
  });
});

describe('asking for a job that is being worked on', () => {
  it('does not start it twice, but has it run again after the holder is done', async () => {
    const executionId = await enqueue();
    const held = await claimOne('a');

    await enqueue(executionId);
    expect(await claimJobs(db, 'b', 10)).toEqual([]);
    await db.transaction((tx) => finishJob(tx, held));

    expect(await claimOne('b')).toMatchObject({ executionId });
  });

  it('cuts short the wait that the holder asks for', async () => {
    const executionId = await enqueue();
    const held = await claimOne('a');
    await enqueue(executionId);

    await rescheduleJob(db, held, 3_600_000, null);

    expect(await claimOne('b')).toMatchObject({ executionId, failures: 0 });
  });
});

describe('a notice from a platform', () => {
  async function waiting(wakeOn: string): Promise<string> {
    await enqueue();
    const job = await claimOne('a');
    await rescheduleJob(db, job, 3_600_000, wakeOn);
    return job.id;
  }

  it('wakes those that wait for its cluster and no others', async () => {
    const mine = await waiting(wakeKey('prod', 'eu', 'shop'));
    await waiting(wakeKey('prod', 'eu', 'shop-canary'));
    await waiting(wakeKey('other', 'eu', 'shop'));

    expect(await wakeJobs(db, [wakeKey('prod', 'eu', 'shop')])).toBe(1);

    expect((await claimJobs(db, 'b', 10)).map((job) => job.id)).toEqual([mine]);
  });

  it('about a whole account wakes all that wait for anything in it', async () => {
    await waiting(wakeKey('prod', 'eu', 'shop'));
    await waiting(wakeKey('prod', 'us', 'shop'));
    await waiting(wakeKey('other', 'eu', 'shop'));

    expect(await wakeJobs(db, ['prod/'])).toBe(2);
  });

  it('that comes while the waiter looks makes it look once more', async () => {
    const key = wakeKey('prod', 'eu', 'shop');
    const id = await waiting(key);
    await endLeases();
    const looking = await claimOne('a');

    await wakeJobs(db, [key]);
    await rescheduleJob(db, looking, 3_600_000, key);

    expect((await claimOne('b')).id).toBe(id);
  });
});

it('puts a failed job back with its reason and a pause', async () => {
  await enqueue();
  const job = await claimOne('a');

  await db.transaction((tx) => failJob(tx, job, 'no route to host'));

  const [row] = await db
    .select()
    .from(jobs)
    .where(eq(jobs.id, BigInt(job.id)));
  expect(row).toMatchObject({ lastError: 'no route to host', failures: 1, claimedBy: null });
  expect(await claimJobs(db, 'b', 1)).toEqual([]);
});

it('shares due jobs among workers that claim at once', async () => {
  await Promise.all(Array.from({ length: 60 }, () => enqueue()));

  const claims = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => claimJobs(db, worker, 20)));

  const ids = claims.flat().map((job) => job.id);
  expect(new Set(ids).size).toBe(ids.length);
});
