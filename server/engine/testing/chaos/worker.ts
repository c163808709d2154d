import { createDatabase } from '@/db/client';
import { runWorker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { count } from '@/server/engine/testing/count-stage';
import { createLogger } from '@/server/log';
import { providers } from '@/server/providers/registry';

/** The worker as it ships, with a stage type more whose effects can be counted, and without the watchdog: what is stuck must stay so, to be seen. */

const logger = createLogger('worker', 'info');
const worker = await runWorker({
  database: createDatabase(process.env.DATABASE_URL ?? '', { max: 16 }),
  stageTypes: { ...stageTypes, count },
  providers,
  version: 'chaos',
  logger,
  onLost() {
    logger.error('the database stays away');
    process.exit(1);
  },
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
