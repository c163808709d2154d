import type { DatabaseHandle } from '@/db/client';
import { executeJob } from '@/server/engine/execute-job';
import { commitTogether } from '@/server/engine/group-commit/commit';
import { gather } from '@/server/engine/group-commit/gather';
import type { Step } from '@/server/engine/group-commit/step';
import { Fetcher } from '@/server/engine/queue/fetcher';
import type { ClaimedJob } from '@/server/engine/queue/job';
import { LeaseHolder } from '@/server/engine/queue/lease-holder';
import { listenForJobs } from '@/server/engine/queue/listener';
import type { Runtime } from '@/server/engine/runtime';
import type { EngineServices } from '@/server/engine/services';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { readStages } from '@/server/engine/state';
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

/** Enough to make groups worth their transaction; a platform's own limits bound the calls to it. */
const CAPACITY = 128;
/** Steps in one transaction. */
const GROUP = CAPACITY;
/** The durable executor. It holds nothing that it cannot lose: any number run against one database. */
export function createEngine(options: EngineOptions): Engine {
  const { database, logger, workerId } = options;
  const leases = new LeaseHolder(database.db, logger);
  const leaving = new AbortController();
  const inFlight = new Set<Promise<void>>();

  const runtime: Runtime = {
    services: options.services,
    readStage: gather((ids: readonly string[]) => readStages(database.db, ids), GROUP),
    commit: gather(commitAll, GROUP),
    stageTypes: options.stageTypes,
    logger,
    pumpIn: (ms: number) => fetcher.pumpIn(ms),
  };

  /** What follows in this process is leased with the commit that makes it due, and goes on at once. */
  async function commitAll(steps: readonly Step[]): Promise<boolean[]> {
    const places = leaving.signal.aborted ? 0 : fetcher.reserve(steps.length);
    try {
      const { made, next } = await commitTogether(database.db, steps, { workerId, places }, logger);
      fetcher.takeOver(next);
      return made;
    } finally {
      fetcher.unreserve(places);
    }
  }

  const fetcher = new Fetcher({
    db: database.db,
    workerId,
    capacity: options.capacity ?? CAPACITY,
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
