import type { testDatabase } from '@/db/test/database';
import { runWorker, type Worker, type WorkerOptions } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { silent } from '@/server/engine/testing/harness';
import { providers } from '@/server/providers/registry';

/** A worker with every stage type and provider, on a database that outlives it. */
export function runTestWorker(
  database: Awaited<ReturnType<typeof testDatabase>>,
  more: Pick<WorkerOptions, 'metricsSource'> = {},
): Promise<Worker> {
  return runWorker({
    database: { ...database, close: async () => undefined },
    stageTypes,
    providers,
    version: 'test',
    logger: silent,
    onLost: () => undefined,
    ...more,
  });
}
