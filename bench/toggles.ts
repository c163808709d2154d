import path from 'node:path';
import { median, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { contextOf, ENVIRONMENT, FLAGS, flagKey, writeFlags } from '@/bench/toggles/flags';
import { type LoadFigures, load } from '@/bench/toggles/load';
import { type Server, startWeb } from '@/bench/toggles/web';
import { createDatabase } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { SECRET, ToggleWorld } from '@/server/services/toggle-serving/testing/world';

const LOAD_MS = 5_000;

await withPostgres(async (url) => {
  await migrateDatabase(url, path.join(process.cwd(), 'db', 'migrations'));
  const { db, close } = createDatabase(url);
  const world = new ToggleWorld(db);
  await world.environment(ENVIRONMENT);
  await writeFlags(db);
  const key = await world.clientKey(ENVIRONMENT);
  const web = await startWeb(url, SECRET);
  try {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const body = (index: number) => JSON.stringify({ context: contextOf(index) });
    const single = await load(web, LOAD_MS, 200, (index) => ({
      path: `/ofrep/v1/evaluate/flags/${flagKey(index % FLAGS)}`,
      method: 'POST',
      headers,
      body: body(index),
    }));
    print('one flag per request', single, 1);
    const bulk = await load(web, LOAD_MS, 200, (index) => ({
      path: '/ofrep/v1/evaluate/flags',
      method: 'POST',
      headers,
      body: body(index),
    }));
    print(`all ${FLAGS} flags per request`, bulk, FLAGS);
    const health = await load(web, LOAD_MS / 2, 404, () => ({
      path: '/api/nothing',
      method: 'GET',
      headers: {},
    }));
    print('an empty door', health, 1);
  } finally {
    await web.stop();
    await close();
  }
});

function print(what: string, { perSecond, perCore }: LoadFigures, each: number): void {
  printLine(
    what,
    `${Math.round(perCore)} requests/core`,
    `${Math.round(perCore * each)} flags/core`,
    `${Math.round(perSecond)}/s`,
  );
}
void median;

export type { Server };
