import { expect, it } from 'vitest';
import { runChaos } from '@/server/engine/testing/chaos/run';

/** The short form; `npm run bench -- chaos` is the long one. */
it('loses, doubles and strands nothing while workers, the database and the platform are killed at random', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const report = await runChaos({ seconds: 10, executions: 240, workers: 2, seed, settleSeconds: 45 });
  process.stdout.write(`chaos, seed ${seed}: ${JSON.stringify(report)}\n`);

  expect(report.violations).toEqual([]);
  expect(report.kills).toEqual({
    worker: expect.toSatisfy((count: number) => count > 0),
    database: expect.toSatisfy((count: number) => count > 0),
    cloud: expect.toSatisfy((count: number) => count > 0),
  });
  expect(report.samples).toBeGreaterThan(0);
  expect(report.executions.succeeded).toBeGreaterThan(0);
}, 120_000);
