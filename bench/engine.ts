import { Client } from 'pg';
import { type Run, runChains } from '@/bench/engine/chains';
import { dbosSteps } from '@/bench/engine/dbos';
import { rawTransactions } from '@/bench/engine/raw';
import { median, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';

/**
 * Durable status changes per second of the whole engine, against what Postgres itself does and against
 * DBOS, all on the same server in the same run. The rounds alternate, so that another load on the
 * machine hits all of them.
 */

const ROUNDS = 3;
const CLIENTS = 20;
/** As the worker has. */
const CONNECTIONS = 16;

async function main(): Promise<void> {
  await withPostgres(async (url) => {
    await migrateDatabase(url, 'db/migrations');
    const database = createDatabase(url, { max: CONNECTIONS });
    await runChains(database, 20, 10);
    await throughput(url, database);
    await latency(url, database);
    await size(database);
    await database.close();
  });
}

async function throughput(url: string, database: DatabaseHandle): Promise<void> {
  const raw: number[] = [];
  const plain: Run[] = [];
  const instant: Run[] = [];
  const steps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await rawTransactions(url, CLIENTS, 10_000));
    plain.push(await runChains(database, 100, 40));
    instant.push(await runChains(database, 100, 40, 'instant'));
    steps.push(await dbosSteps(await ownDatabase(url, `dbos${round}`), 100, 20));
  }
  const timers = await runChains(database, 100, 40, 'nothing', 10_000);

  const print = (what: string, unit: string, values: readonly number[]) => {
    const share = Math.round((median(values) / median(raw)) * 100);
    const times = (median(values) / median(steps)).toFixed(1);
    const rounds = values.map((value) => Math.round(value)).join(', ');
    const middle = Math.round(median(values));
    printLine(what, `${middle} ${unit} (${rounds})`, `${share} % of raw, ${times} × DBOS`);
  };
  print(`raw UPDATE+INSERT, ${CLIENTS} clients`, 'tx/s', raw);
  print('DBOS, 100 workflows of 20 steps', 'steps/s', steps);
  print('engine, 100 chains of 40', 'transitions/s', perSecond(plain));
  print('engine, 100 chains of 40, instant stages', 'transitions/s', perSecond(instant));
  print('engine, 100 chains beside 10,000 timers', 'transitions/s', perSecond([timers]));
  printHop('  hop, 100 chains', plain);
  printHop('  hop, 100 chains, instant stages', instant);
}

/** What one stage costs when nothing else happens. */
async function latency(url: string, database: DatabaseHandle): Promise<void> {
  const single = await rawTransactions(url, 1, 1_000);
  printLine('raw UPDATE+INSERT, 1 client', `${(1_000 / single).toFixed(2)} ms each`);
  printHop('hop, one chain', [await runChains(database, 1, 200)]);
  printHop('hop, one chain, instant stages', [await runChains(database, 1, 200, 'instant')]);
}

/** Whether a stage of a large execution costs more than one of a small one. */
async function size(database: DatabaseHandle): Promise<void> {
  printHop('hop, 20 executions of 5 stages', [await runChains(database, 20, 5)]);
  printHop('hop, 20 executions of 500 stages', [await runChains(database, 20, 500)]);
}

function printHop(what: string, runs: readonly Run[]): void {
  const p50 = median(runs.map(({ hop }) => hop.p50));
  const p99 = median(runs.map(({ hop }) => hop.p99));
  printLine(what, `p50 ${p50.toFixed(2)} ms`, `p99 ${p99.toFixed(2)} ms`);
}

function perSecond(runs: readonly Run[]): number[] {
  return runs.map(({ transitions }) => transitions);
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

await main();
