import { Client } from 'pg';
import { runChains } from '@/bench/engine/chains';
import { dbosSteps } from '@/bench/engine/dbos';
import { rawTransactions } from '@/bench/engine/raw';
import { median, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { createDatabase } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';

/**
 * Durable status changes per second of the whole engine, against what Postgres itself does and against
 * DBOS, all on the same server in the same run. The rounds alternate, so that another load on the
 * machine hits all of them.
 */

const ROUNDS = 3;
const CLIENTS = 20;
const CONNECTIONS = 16;

async function main(): Promise<void> {
  await withPostgres(async (url) => {
    await migrateDatabase(url, 'db/migrations');
    const database = createDatabase(url, { max: CONNECTIONS });
    const raw: number[] = [];
    const plain: number[] = [];
    const instant: number[] = [];
    const steps: number[] = [];
    await runChains(database, 20, 10);
    for (let round = 0; round < ROUNDS; round++) {
      raw.push(await rawTransactions(url, CLIENTS, 10_000));
      plain.push((await runChains(database, 100, 40)).transitions);
      instant.push((await runChains(database, 100, 40, 'instant')).transitions);
      steps.push(await dbosSteps(await ownDatabase(url, `dbos${round}`), 100, 20));
    }
    const timers = await runChains(database, 100, 40, 'nothing', 10_000);
    const single = await rawTransactions(url, 1, 1_000);
    const alone = await runChains(database, 1, 200);
    const aloneInstant = await runChains(database, 1, 200, 'instant');
    await database.close();

    const compare = (perSecond: number) =>
      `${percent(perSecond, median(raw))} of raw, ${(perSecond / median(steps)).toFixed(1)} × DBOS`;
    printLine(`raw UPDATE+INSERT, ${CLIENTS} clients`, `${shown(raw)} tx/s`, '100 % (baseline)');
    printLine('DBOS, 100 workflows of 20 steps', `${shown(steps)} steps/s`, compare(median(steps)));
    printLine('engine, 100 chains of 40', `${shown(plain)} transitions/s`, compare(median(plain)));
    printLine(
      'engine, 100 chains of 40, instant',
      `${shown(instant)} transitions/s`,
      compare(median(instant)),
    );
    printLine(
      'raw UPDATE+INSERT, 1 client',
      `${Math.round(single)} tx/s`,
      `${(1_000 / single).toFixed(2)} ms each`,
    );
    printLine(
      'engine, one chain',
      `${Math.round(alone.transitions)} transitions/s`,
      `hop ${alone.hopMs.toFixed(2)} ms`,
    );
    printLine(
      'engine, one chain, instant',
      `${Math.round(aloneInstant.transitions)} transitions/s`,
      `hop ${aloneInstant.hopMs.toFixed(2)} ms`,
    );
  });
}

async function ownDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** The median and all rounds. */
function shown(values: readonly number[]): string {
  return `${Math.round(median(values))} (${values.map((value) => Math.round(value)).join(', ')})`;
}

function percent(value: number, whole: number): string {
  return `${Math.round((value / whole) * 100)} %`;
}

await main();
