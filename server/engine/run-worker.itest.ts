import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { createDatabase } from '@/db/client';
import { testDatabase } from '@/db/test/database';
import { runWorker, type WorkerOptions } from '@/server/engine/run-worker';
import { ended, pipeline, silent, stage, start } from '@/server/engine/testing/harness';
import { testType } from '@/server/engine/testing/stage-types';
import { findFreePort } from '@/server/supervisor/ports';

const database = await testDatabase();
const stageTypes = {
  quick: testType('quick', { tasks: [{ name: 'run', run: async () => ({ status: 'succeeded' }) }] }),
};
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function worker(options: Partial<WorkerOptions> = {}) {
  const running = await runWorker({
    database: createDatabase(database.url, { max: 6 }),
    stageTypes,
    providers: {},
    version: 'test',
    logger: silent,
    onLost: () => undefined,
    ...options,
  });
  stops.push(() => running.stop());
  return running;
}

it('serves its metrics on this machine, and stops serving them when it stops', async () => {
  const metricsPort = await findFreePort();
  const running = await worker({ metricsPort });
  expect(await ended(database, await start(database, pipeline(stage('one', 'quick'))))).toBe('succeeded');

  const url = `http://127.0.0.1:${metricsPort}`;
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toMatch(/^signalbox_job_duration_seconds_count\{kind="stage"\} [1-9]/m);
  expect(text).toMatch(/^signalbox_queue_lag_seconds_count [1-9]/m);
  expect(text).toMatch(/^signalbox_jobs\{state="due"\} \d+$/m);
  expect(text).toMatch(/^signalbox_stuck 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes /m);
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);

  stops.length = 0;
  await running.stop();
  await expect(fetch(`${url}/metrics`)).rejects.toThrow();
});

it('lives without a database and is ready with one', async () => {
  const way = await wayToDatabase();
  way.close();
  const metricsPort = await findFreePort();
  const health = async (of: string) => (await fetch(`http://127.0.0.1:${metricsPort}/health/${of}`)).status;
  const starting = worker({ metricsPort, database: createDatabase(way.url, { max: 6 }) });

  await expect.poll(() => health('live').catch(() => null)).toBe(200);
  expect(await health('ready')).toBe(503);

  await way.reopen();
  await starting;
  await expect.poll(() => health('ready')).toBe(200);

  way.close();
  await expect.poll(() => health('ready'), { timeout: 20_000 }).toBe(503);
  expect(await health('live')).toBe(200);
});

it('gives up when the database stays away, and not before', async () => {
  const way = await wayToDatabase();
  const onLost = vi.fn<() => void>();
  await worker({ database: createDatabase(way.url, { max: 6 }), databasePatienceMs: 2_500, onLost });

  way.close();
  await way.reopen();
  // It came back in time: the worker works on.
  expect(await ended(database, await start(database, pipeline(stage('one', 'quick'))))).toBe('succeeded');
  expect(onLost).not.toHaveBeenCalled();

  way.close();
  await vi.waitFor(() => expect(onLost).toHaveBeenCalled(), { timeout: 15_000 });
});

/** A door before the database that can be shut. */
async function wayToDatabase() {
  const target = new URL(database.url);
  const sockets = new Set<Socket>();
  let server: Server;
  const open = async (port: number) => {
    server = createServer((inward) => {
      const outward = connect(Number(target.port), target.hostname);
      for (const socket of [inward, outward]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          sockets.delete(socket);
          inward.destroy();
          outward.destroy();
        });
      }
      inward.pipe(outward).pipe(inward);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const port = await findFreePort();
  await open(port);
  const url = new URL(database.url);
  url.port = String(port);
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  stops.push(async () => close());
  return { url: url.href, close, reopen: () => open(port) };
}
