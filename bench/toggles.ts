import { existsSync } from 'node:fs';
import path from 'node:path';
import { printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { contextOf, ENVIRONMENT, FLAGS, flagKey, writeFlags } from '@/bench/toggles/flags';
import { CLIENTS, type Latency, measureFlips } from '@/bench/toggles/latency';
import { type Ask, type LoadFigures, load } from '@/bench/toggles/load';
import { askUnleash, startUnleash } from '@/bench/toggles/unleash';
import { type Server, startWeb } from '@/bench/toggles/web';
import { createDatabase, type Database } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { databaseUrl } from '@/db/test/url';
import { SECRET, ToggleWorld } from '@/server/services/toggle-serving/testing/world';

/**
 * What the product bears of OFREP with 350 flags, how soon a flip is with 200 connected clients, and Unleash's server
 * beside it in the same run. Rates are by the processor's time of the server, so that the load's own share and other
 * work on the machine do not count. It needs a build (`npm run build`).
 */

const KEYS = 8;
const LOAD_MS = 6_000;
/** Target of a flip for 99 of 100. Milliseconds. */
const TARGET_MS = 200;

interface Figures {
  readonly one: LoadFigures;
  readonly all: LoadFigures;
  readonly same: LoadFigures;
  readonly throughNext: LoadFigures;
}

if (!existsSync(path.join(process.cwd(), 'dist', 'web.mjs'))) {
  process.stderr.write('There is no build of the dashboard to measure. Run `npm run build` first.\n');
  process.exit(2);
}

await withPostgres(async (url) => {
  await migrateDatabase(url, path.join(process.cwd(), 'db', 'migrations'));
  const database = createDatabase(url);
  const { db } = database;
  const world = new ToggleWorld(db);
  await world.environment(ENVIRONMENT);
  await writeFlags(db);
  // Several, because one has a limit that a server of its own load would meet.
  const keys = [];
  for (let count = 0; count < KEYS; count++) keys.push(await world.clientKey(ENVIRONMENT));
  const web = await startWeb(url, SECRET);
  try {
    const own = await measureOwn(web, keys);
    const unleash = await measureUnleash(db, url);
    print(own, unleash);
    const flips = await measureFlips(db, web, keys[0] ?? '');
    printLine('');
    printLine(`a flip, ${CLIENTS} connected clients, ${FLAGS} flags`, 'p50', 'p99');
    printLatency('until a client has heard of it', flips.heard);
    printLatency('until it has the new answers', flips.answered);
    printLatency('… of these, real web SDKs', flips.sdk);
    const isKept = flips.answered.p99 < TARGET_MS;
    printLine('', isKept ? `kept: p99 < ${TARGET_MS} ms` : `NOT KEPT: p99 < ${TARGET_MS} ms`);
    if (!isKept) process.exitCode = 1;
  } finally {
    await web.stop();
    await database.close();
  }
});

async function measureOwn(web: Server, keys: readonly string[]): Promise<Figures> {
  const ask = (address: string, index: number, more: Record<string, string> = {}): Ask => ({
    path: address,
    method: 'POST',
    headers: { 'x-api-key': keys[index % KEYS] ?? '', 'content-type': 'application/json', ...more },
    body: JSON.stringify({ context: contextOf(index) }),
  });
  const all = '/ofrep/v1/evaluate/flags';
  const etag = (await fetch(web.url + all, { ...ask(all, 0) })).headers.get('etag') ?? '';
  return {
    one: await load(web, LOAD_MS, 200, (index) => ask(`${all}/${flagKey(index % FLAGS)}`, index)),
    all: await load(web, LOAD_MS, 200, (index) => ask(all, index)),
    same: await load(web, LOAD_MS, 304, (index) => ({
      ...ask(all, index, { 'if-none-match': etag }),
      body: ask(all, 0).body,
    })),
    throughNext: await load(web, LOAD_MS / 2, 404, () => ({
      path: '/api/nothing',
      method: 'GET',
      headers: {},
    })),
  };
}

/** Null with a sentence when it cannot be run here. */
async function measureUnleash(db: Database, url: string): Promise<LoadFigures | null> {
  try {
    await db.execute('CREATE DATABASE unleash');
    const server = await startUnleash(databaseUrl(url, 'unleash'));
    try {
      const count = await enabledOf(server);
      printLine(`Unleash answers one context with ${count} of ${FLAGS} flags, as only those are on for it`);
      return await load(server, LOAD_MS, 200, askUnleash);
    } finally {
      await server.stop();
    }
  } catch (error) {
    printLine(`Unleash's server could not be run: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function enabledOf(server: Server): Promise<number> {
  const { path: address, headers } = askUnleash(0);
  const body: unknown = await (await fetch(server.url + address, { headers })).json();
  return typeof body === 'object' && body !== null && 'toggles' in body && Array.isArray(body.toggles)
    ? body.toggles.length
    : 0;
}

function print({ one, all, same, throughNext }: Figures, unleash: LoadFigures | null): void {
  printLine(`per second of one core, ${FLAGS} flags`, 'Unleash', 'signalbox', 'signalbox / Unleash');
  const rate = ({ perCore }: LoadFigures, each = 1) => `${Math.round(perCore * each).toLocaleString('en')}/s`;
  const ratio = unleash ? `× ${(all.perCore / unleash.perCore).toFixed(1)}` : '–';
  printLine('requests for all flags of a context', unleash ? rate(unleash) : '–', rate(all), ratio);
  printLine('evaluations in them', unleash ? rate(unleash, FLAGS) : '–', rate(all, FLAGS), ratio);
  printLine('requests for one flag', 'has no such door', rate(one));
  printLine('requests answered “not modified”', '–', rate(same));
  printLine('a request that Next answers with nothing', '–', rate(throughNext));
}

function printLatency(what: string, { p50, p99 }: Latency): void {
  printLine(what, `${p50.toFixed(0)} ms`, `${p99.toFixed(0)} ms`);
}
