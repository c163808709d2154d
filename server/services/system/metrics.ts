import { sql } from 'drizzle-orm';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '@/db/client';

/** What the web process measures. No label names an application, a person or an address. */
export interface WebMetrics {
  readonly registry: Registry;
  readonly requests: Counter<'door' | 'method' | 'status'>;
  readonly seconds: Histogram<'door'>;
}

/** On globalThis because Next instantiates modules several times in one process. */
const KEY = Symbol.for('signalbox.web.metrics');
const holder = globalThis as typeof globalThis & { [KEY]?: WebMetrics };

export function webMetrics(): WebMetrics {
  holder[KEY] ??= createMetrics();
  return holder[KEY];
}

function createMetrics(): WebMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'signalbox_web_' });
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'signalbox_http_requests_total',
      help: 'Requests answered, by door, method and status',
      labelNames: ['door', 'method', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'signalbox_http_request_duration_seconds',
      help: 'Time to the first byte of the answer, by door',
      labelNames: ['door'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}

/** Prometheus text: what this process measured, and the state of the database at this moment. */
export async function collectMetrics(db: Database): Promise<{ contentType: string; text: string }> {
  const { registry } = webMetrics();
  const state = await readState(db);
  return { contentType: registry.contentType, text: (await registry.metrics()) + (await state.metrics()) };
}

interface Count extends Record<string, unknown> {
  readonly metric: string;
  readonly label: string;
  readonly n: number;
}

const GAUGES = {
  executions: ['signalbox_executions', 'Open executions by status', 'status'],
  ended: [
    'signalbox_executions_ended_last_hour',
    'Executions that ended in the last hour by status',
    'status',
  ],
  gates: ['signalbox_gates_waiting', 'Gates that wait for a person', 'state'],
  jobs: ['signalbox_jobs', 'Jobs in the queue by state', 'state'],
  workers: ['signalbox_workers', 'Workers seen in the last ten seconds', 'state'],
  accounts: ['signalbox_accounts', 'Accounts by reachability', 'state'],
} as const;

async function readState(db: Database): Promise<Registry> {
  const registry = new Registry();
  const up = new Gauge({
    name: 'signalbox_database_up',
    help: 'Whether the database answers',
    registers: [registry],
  });
  const { rows } = await db
    .execute<Count>(sql`
      SELECT 'executions' AS metric, status AS label, count(*)::int AS n FROM executions WHERE ended_at IS NULL GROUP BY 2
      UNION ALL SELECT 'ended', status, count(*)::int FROM executions WHERE ended_at > now() - interval '1 hour' GROUP BY 2
      UNION ALL SELECT 'gates', 'waiting', count(*)::int FROM stages
        WHERE status = 'running' AND (type = 'manualJudgment' OR waiting->>'kind' = 'person')
      UNION ALL SELECT 'jobs', CASE WHEN failures > 0 THEN 'failing' WHEN run_at > now() THEN 'later' ELSE 'due' END, count(*)::int
        FROM jobs GROUP BY 2
      UNION ALL SELECT 'workers', 'alive', count(*)::int FROM workers WHERE seen_at > now() - interval '10 seconds'
      UNION ALL SELECT 'accounts', CASE WHEN error IS NULL THEN 'reachable' ELSE 'unreachable' END, count(*)::int
        FROM accounts GROUP BY 2`)
    .catch(() => ({ rows: null }));
  up.set(rows ? 1 : 0);
  for (const [metric, [name, help, label]] of Object.entries(GAUGES)) {
    const gauge = new Gauge({ name, help, labelNames: [label], registers: [registry] });
    for (const row of rows ?? []) if (row.metric === metric) gauge.set({ [label]: row.label }, row.n);
  }
  return registry;
}
