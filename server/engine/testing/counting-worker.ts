import { createDatabase } from '@/db/client';
import { runWorker } from '@/server/engine/run-worker';
import { count } from '@/server/engine/testing/count-stage';
import { createLogger } from '@/server/log';

/** A worker process for tests of crashes and fences: the real engine with one stage type. */

const database = createDatabase(process.env.DATABASE_URL ?? '', { max: 8 });
const worker = await runWorker({
  database,
  stageTypes: { count },
  providers: {},
  version: 'test',
  logger: createLogger('worker', 'info'),
  onLost: () => process.exit(1),
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
