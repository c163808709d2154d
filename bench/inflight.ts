import { countInFlight, createEnvironments, startDeploys } from '@/bench/inflight/load';
import { between, scrape } from '@/bench/inflight/scrape';
import { pause, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { startWorker } from '@/server/engine/testing/worker-process';
import { findFreePort } from '@/server/supervisor/ports';

/**
 * One worker process with a thousand and with ten thousand real deploys in flight, all waiting for
 * instances to become healthy: memory, processor time and how late due looks are taken up.
 */

const SIZES = [1_000, 10_000];
/** By then the waits have settled at their longest interval. */
const SETTLE_MS = 30_000;
const MEASURE_MS = 15_000;

async function main(): Promise<void> {
  await withPostgres(async (url) => {
    await migrateDatabase(url, 'db/migrations');
    const database = createDatabase(url, { max: 4 });
    await createEnvironments(database, Math.max(...SIZES));
    const port = await findFreePort();
    const worker = await startWorker('bench/inflight/worker.ts', {
      DATABASE_URL: url,
      METRICS_PORT: String(port),
    });
    try {
      let started = 0;
      for (const size of SIZES) {
        const since = performance.now();
        await startDeploys(database, started, size);
        started = size;
        await allWait(database, size);
        const took = (performance.now() - since) / 1_000;
        await pause(SETTLE_MS);
        await measure(size, took, port);
      }
    } finally {
      worker.kill('SIGKILL');
      await worker.exited;
      await database.close();
    }
  });
}

async function allWait(database: DatabaseHandle, size: number): Promise<void> {
  while ((await countInFlight(database)) < size) await pause(250);
}

async function measure(size: number, startedInSeconds: number, port: number): Promise<void> {
  const before = await scrape(port);
  await pause(MEASURE_MS);
  const after = await scrape(port);
  const { looksPerSecond, cpuPercent, p50, p99 } = between(before, after);
  printLine(
    `${size} deploys in flight, started in ${Math.round(startedInSeconds)} s`,
    `RSS ${Math.round(after.rssMb)} MB`,
    `CPU ${Math.round(cpuPercent)} % of a core`,
    `${Math.round(looksPerSecond)} looks/s, late p50 ≤ ${p50} s, p99 ≤ ${p99} s`,
  );
}

await main();
