import type { DatabaseHandle } from '@/db/client';
import { executeJob } from '@/server/engine/execute-job';
import { Fetcher } from '@/server/engine/queue/fetcher';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { LeaseHolder } from '@/server/engine/queue/lease-holder';
import { listenForJobs } from '@/server/engine/queue/listener';
import type { EngineServices } from '@/server/engine/services';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import type { Logger } from '@/server/log';

export interface EngineOptions {
  readonly database: DatabaseHandle;
  readonly services: EngineServices;
  readonly stageTypes: StageCatalogue;
  readonly workerId: string;
  readonly logger: Logger;
  /** Jobs worked on at once. Those that wait cost nothing, so this bounds calls in flight only. */
  readonly capacity?: number;
  /** Told of every job that ended, for metrics. */
  onJob?(job: ClaimedJob, seconds: number): void;
}

export interface Engine {
  start(): void;
  /** Stops claiming, waits for what is in flight, and gives the rest back when `ms` have passed. */
  drain(ms: number): Promise<void>;
  /** When the database last answered the fetcher. */
  answeredAt(): Date;
  jobsInFlight(): number;
}

/** The durable executor. It holds nothing that it cannot lose: any number run against one database. */
export function createEngine(options: EngineOptions): Engine {
  const { database, logger, workerId } = options;
  const leases = new LeaseHolder(database.db, logger);
  const leaving = new AbortController();
  const inFlight = new Set<Promise<void>>();

  const runtime = {
    services: options.services,
    stageTypes: options.stageTypes,
    logger,
    pumpIn: (ms: number) => fetcher.pumpIn(ms),
  };

  const fetcher = new Fetcher({
    db: database.db,
    workerId,
    capacity: options.capacity ?? 64,
    logger,
    handle(job) {
      const startedAt = performance.now();
      const work = executeJob(runtime, job, leases.take(job)).finally(() => {
        leases.drop(job);
        inFlight.delete(work);
        options.onJob?.(job, (performance.now() - startedAt) / 1_000);
      });
      inFlight.add(work);
      return work;
    },
  });

  function hear(word: string): void {
    if (word.startsWith('cancel:')) leases.letGoOfExecution(word.slice('cancel:'.length));
    fetcher.pump();
  }

  return {
    start() {
      leases.start();
      fetcher.start();
      void listenForJobs(database, hear, logger, leaving.signal);
    },
    async drain(ms) {
      leaving.abort();
      await fetcher.stop();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([Promise.allSettled(inFlight), late]);
      clearTimeout(timer);
      await leases.releaseAll();
      leases.stop();
    },
    answeredAt: () => new Date(fetcher.answeredAt),
    jobsInFlight: () => inFlight.size,
  };
}
