import { createServer, type Server } from 'node:http';
import { sql } from 'drizzle-orm';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '@/db/client';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { findMiscounted, findStuck } from '@/server/engine/requests/stuck';

export interface EngineMetrics {
  readonly registry: Registry;
  observeJob(job: ClaimedJob, seconds: number): void;
}

/** What an operator watches: how much waits, how late it is taken up, how long it takes. */
export function engineMetrics(db: Database): EngineMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'signalbox_job_duration_seconds',
    help: 'Time that jobs of the engine took in this worker.',
    labelNames: ['kind'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [registry],
  });
  const lag = new Histogram({
    name: 'signalbox_queue_lag_seconds',
    help: 'Time between a job being due and this worker taking it up.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [registry],
  });
  const jobs = new Gauge({
    name: 'signalbox_jobs',
    help: 'Open jobs of the engine by state, over all workers.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      for (const [state, count] of await jobStates(db)) jobs.set({ state }, count);
    },
  });
  new Gauge({
    name: 'signalbox_stuck',
    help: 'Open executions and stages that no job would move again; anything but 0 is a bug.',
    registers: [registry],
    async collect() {
      this.set((await findStuck(db)).length + (await findMiscounted(db)).length);
    },
  });
  return {
    registry,
    observeJob(job, seconds) {
      duration.observe({ kind: job.kind }, seconds);
      lag.observe(Math.max(0, job.lagMs) / 1_000);
    },
  };
}

async function jobStates(db: Database): Promise<[string, number][]> {
  const { rows } = await db.execute<Record<'due' | 'leased' | 'waiting' | 'failing', number>>(sql`
    SELECT
      count(*) FILTER (WHERE claimed_by IS NULL AND run_at <= now())::int AS due,
      count(*) FILTER (WHERE claimed_by IS NOT NULL)::int AS leased,
      count(*) FILTER (WHERE claimed_by IS NULL AND run_at > now() AND failures = 0)::int AS waiting,
      count(*) FILTER (WHERE claimed_by IS NULL AND run_at > now() AND failures > 0)::int AS failing
    FROM jobs`);
  return Object.entries(rows[0] ?? {});
}

export interface WorkerDoor {
  readonly port: number;
  readonly host: string;
  /** Whether the worker can take work up. */
  readonly isReady: () => boolean;
}

/**
 * Serves the metrics as Prometheus text, and what probes ask: `/health/live` answers while the process does,
 * `/health/ready` while the database answers too. A restart heals no database, so only the latter speaks of it.
 */
export function serveMetrics(registry: Registry, { port, host, isReady }: WorkerDoor): Server {
  const server = createServer((request, response) => {
    switch (request.url) {
      case '/metrics':
        registry
          .metrics()
          .then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text))
          .catch(() => response.writeHead(503).end());
        return;
      case '/health/live':
        response.writeHead(200).end();
        return;
      case '/health/ready':
        response.writeHead(isReady() ? 200 : 503).end();
        return;
      default:
        response.writeHead(404).end();
    }
  });
  return server.listen(port, host);
}
