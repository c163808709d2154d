import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseHandle } from '@/db/client';
import { untilDatabaseAnswers } from '@/db/wait';
import { systemClock } from '@/server/domain/clock';
import { type ProviderCatalogue, providerAccess } from '@/server/engine/access/provider-access';
import { createEngine } from '@/server/engine/engine';
import { watchAll } from '@/server/engine/inventory/watch-all';
import { engineMetrics, serveMetrics } from '@/server/engine/metrics';
import { Presence } from '@/server/engine/presence';
import type { EngineServices } from '@/server/engine/services';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import type { Logger } from '@/server/log';
import type { OutboundPolicy } from '@/server/outbound/policy';

/** What is given back or ended when a worker is told to leave; the supervisor kills after longer. */
const DRAIN_MS = 3_000;
/** A database that is away for longer is left to the supervisor: it starts a fresh worker. */
const DATABASE_PATIENCE_MS = 30_000;
/** The engine asks the database every second or so; one that was silent for longer is away. */
const READY_WITHIN_MS = 10_000;

export interface WorkerOptions {
  readonly database: DatabaseHandle;
  readonly stageTypes: StageCatalogue;
  readonly providers: ProviderCatalogue;
  readonly version: string;
  readonly logger: Logger;
  /** Port on which metrics and health are served; none when absent. */
  readonly metricsPort?: number;
  /** Address for that port; this machine only when absent. */
  readonly metricsHost?: string;
  /** Which private places stages may call; none when absent. */
  readonly outbound?: OutboundPolicy;
  /** Opens metrics sources by name; there are none when absent. */
  readonly metricsSource?: EngineServices['metricsSource'];
  /** How long the database may stay away; tests have less patience. */
  readonly databasePatienceMs?: number;
  /** Called when the worker cannot go on. */
  onLost(): void;
}

export interface Worker {
  readonly id: string;
  /** Ends short work, gives the rest back, and lets go of the database. */
  stop(): Promise<void>;
}

function noSource(name: string): Promise<never> {
  return Promise.reject(new Error(`this worker opens no metrics source such as ${name}`));
}

/**
 * An engine with its watches, its heartbeat and its metrics. Waits for a database that is away: ending instead
 * would make a platform that restarts processes wait longer and longer between the tries.
 */
export async function runWorker(options: WorkerOptions): Promise<Worker> {
  const { database, logger } = options;
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const metrics = engineMetrics(database.db);
  const provider = providerAccess({ db: database.db, clock: systemClock, catalogue: options.providers });
  const engine = createEngine({
    database,
    services: {
      db: database.db,
      clock: systemClock,
      provider,
      outbound: options.outbound ?? { allow: [] },
      metricsSource: options.metricsSource ?? noSource,
    },
    stageTypes: options.stageTypes,
    workerId: id,
    logger,
    onJob: (job, seconds) => metrics.observeJob(job, seconds),
  });
  const presence = new Presence(database.db, id, options.version, logger);
  const leaving = new AbortController();
  let started = false;
  const { metricsPort: port, metricsHost: host = '127.0.0.1' } = options;
  const isReady = () => started && Date.now() - engine.answeredAt().getTime() < READY_WITHIN_MS;
  const server = port ? serveMetrics(metrics.registry, { port, host, isReady }) : undefined;

  await untilDatabaseAnswers(database.pool, (reason) =>
    logger.warn({ reason }, 'the database does not answer; waiting for it'),
  );
  await presence.start();
  engine.start();
  started = true;
  const watching = watchAll({ database, provider, logger, signal: leaving.signal });
  const patienceMs = options.databasePatienceMs ?? DATABASE_PATIENCE_MS;
  const watchdog = setInterval(() => {
    if (Date.now() - engine.answeredAt().getTime() > patienceMs) options.onLost();
  }, 1_000);
  logger.info({ worker: id }, 'worker started');

  return {
    id,
    async stop() {
      clearInterval(watchdog);
      leaving.abort();
      server?.close();
      await Promise.allSettled([engine.drain(DRAIN_MS), watching]);
      await Promise.allSettled([presence.stop()]);
      await database.close();
      logger.info({ worker: id }, 'worker stopped');
    },
  };
}
