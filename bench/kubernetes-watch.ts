import type { V1Pod } from '@kubernetes/client-node';
import { Client } from 'pg';
import { changePod, samplePods } from '@/bench/kubernetes/fleet';
import { SIZE, withFleet } from '@/bench/kubernetes/with-fleet';
import { cpuSeconds, rssMb } from '@/bench/support/process';
import { median, pause, printLine, quantile } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { migrateDatabase } from '@/db/migrate';
import { startWorker, type WorkerProcess } from '@/server/engine/testing/worker-process';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';

/**
 * 10,000 pods in 200 server groups on a real control plane: what a process costs that watches them, and how long
 * after a change of one pod its new state is at hand and in the inventory's row. Baseline: the informer of
 * @kubernetes/client-node over the pods alone.
 */

const NAMESPACE = 'bench';
const ACCOUNT = 'bench';
const CHANGES = 100;
const IDLE_MS = 15_000;

async function main(): Promise<void> {
  await withFleet(NAMESPACE, SIZE, async ({ rest, kubeconfig }) => {
    await withPostgres(async (url) => {
      await migrateDatabase(url, 'db/migrations');
      await measureWatcher(rest, kubeconfig, url);
    });
    await measureBaseline(rest, kubeconfig);
  });
}

async function measureWatcher(rest: Rest, kubeconfig: string, url: string): Promise<void> {
  const database = new Client({ connectionString: url });
  await database.connect();
  await database.query(`INSERT INTO accounts (name, provider) VALUES ($1, 'kubernetes')`, [ACCOUNT]);
  const since = now();
  const watcher = await startWorker('bench/kubernetes/watcher.ts', {
    DATABASE_URL: url,
    BENCH_KUBECONFIG: kubeconfig,
    BENCH_NAMESPACE: NAMESPACE,
    BENCH_ACCOUNT: ACCOUNT,
  });
  try {
    const startedAt = eventsOf(watcher)[0]?.at ?? since;
    const rows = await rowsOf(database);
    printLine('first picture', `${seconds(startedAt - since)} s with the start of the process`);
    await measure('signalbox watches', watcher, rest, rows);
  } finally {
    watcher.kill('SIGKILL');
    await watcher.exited;
    await database.end();
  }
}

async function measureBaseline(rest: Rest, kubeconfig: string): Promise<void> {
  const informer = await startWorker('bench/kubernetes/informer.ts', {
    BENCH_KUBECONFIG: kubeconfig,
    BENCH_NAMESPACE: NAMESPACE,
  });
  try {
    await measure('informer of the client, pods alone', informer, rest, null);
  } finally {
    informer.kill('SIGKILL');
    await informer.exited;
  }
}

async function measure(
  what: string,
  watcher: WorkerProcess,
  rest: Rest,
  rows: Map<string, number> | null,
): Promise<void> {
  await pause(10_000);
  const idle = cpuSeconds(watcher.pid);
  await pause(IDLE_MS);
  const idlePercent = ((cpuSeconds(watcher.pid) - idle) / IDLE_MS) * 100_000;
  printLine(what, `RSS ${rssMb(watcher.pid)} MB`, `CPU at rest ${idlePercent.toFixed(1)} % of a core`);

  const pods = await samplePods(rest, NAMESPACE, SIZE.clusters);
  const seen: number[] = [];
  const took: number[] = [];
  const rowed: number[] = [];
  const busy = cpuSeconds(watcher.pid);
  for (let change = 0; change < CHANGES; change++) {
    const pod = pods[change % pods.length];
    if (!pod) break;
    const heard = await changeAndHear(rest, watcher, pod, change + 1, rows);
    seen.push(heard.seen);
    took.push(heard.took);
    if (heard.row !== null) rowed.push(heard.row);
  }
  const perChange = ((cpuSeconds(watcher.pid) - busy) / CHANGES) * 1_000;
  printLine('  change of a pod → new state at hand', ...milliseconds(seen));
  if (rows) {
    printLine('  of it, to make the new state', ...milliseconds(took));
    printLine('  change of a pod → row of the inventory', ...milliseconds(rowed));
  }
  printLine('  processor time per change', `${perChange.toFixed(1)} ms`);
}

/** Milliseconds from before the change was sent; all that is in between counts, the API server too. */
async function changeAndHear(
  rest: Rest,
  watcher: WorkerProcess,
  pod: V1Pod,
  restarts: number,
  rows: Map<string, number> | null,
) {
  const cluster = pod.metadata?.labels?.['signalbox.io/cluster'] ?? '';
  const known = watcher.lines.length;
  rows?.delete(cluster);
  const since = now();
  await changePod(rest, pod, restarts);
  for (;;) {
    const event = eventsOf(watcher, known).find((one) => one.cluster === cluster);
    const row = rows ? rows.get(cluster) : since;
    if (event && row !== undefined)
      return { seen: event.at - since, took: event.took, row: rows ? row - since : null };
    await pause(2);
  }
}

interface Heard {
  readonly cluster?: string;
  readonly at: number;
  readonly took: number;
}

function eventsOf(watcher: WorkerProcess, from = 0): Heard[] {
  // Written by the bench's own processes.
  return watcher.lines
    .slice(from)
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Heard] : []));
}

/** When the row of a cluster was last told of, as browsers are told. */
async function rowsOf(database: Client): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  const { rows: last } = await database.query<{ seq: string }>('SELECT max(seq) AS seq FROM events');
  let seq = last[0]?.seq ?? '0';
  database.on('notification', () => {
    const at = now();
    const news = 'SELECT seq, subject FROM events WHERE seq > $1 ORDER BY seq';
    void database.query<{ seq: string; subject: string }>(news, [seq]).then((found) => {
      for (const row of found.rows) {
        seq = row.seq;
        rows.set(row.subject, at);
      }
    });
  });
  await database.query('LISTEN signalbox_events');
  return rows;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function milliseconds(values: readonly number[]): string[] {
  return [`p50 ${median(values).toFixed(1)} ms`, `p99 ${quantile(values, 0.99).toFixed(1)} ms`];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

await main();
