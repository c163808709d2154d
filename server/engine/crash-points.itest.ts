import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { CRASH_POINTS } from '@/server/engine/crash-point';
import { chain, createEffects, expectEachOnce } from '@/server/engine/testing/effects';
import { ended, executionRow, start } from '@/server/engine/testing/harness';
import { startWorker } from '@/server/engine/testing/worker-process';

/** Each case has a database and workers of its own, because most of its time is waiting for a lease to end. */
const cases = await Promise.all(
  CRASH_POINTS.flatMap((point) =>
    [1, 2, 3].map(async (pass) => ({ crashAt: `${point}:${pass}`, database: await testDatabase() })),
  ),
);

describe.concurrent('a worker that is killed', () => {
  it.each(cases)('$crashAt is replaced, and everything happens once', async ({ crashAt, database }) => {
    await createEffects(database);
    const id = await start(database, chain(3));
    const entry = 'server/engine/testing/counting-worker.ts';
    const victim = await startWorker(entry, { DATABASE_URL: database.url, SIGNALBOX_CRASH_AT: crashAt });
    expect(await victim.exited).toBe('SIGKILL');
    expect((await executionRow(database, id)).endedAt).toBeNull();

    const heir = await startWorker(entry, { DATABASE_URL: database.url });
    try {
      expect(await ended(database, id, 20_000)).toBe('succeeded');
      await expectEachOnce(database, 3);
    } finally {
      heir.kill('SIGKILL');
      await heir.exited;
    }
  });
});
