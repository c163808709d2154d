import { slowPlatform } from '@/bench/inflight/platform';
import { createDatabase } from '@/db/client';
import { runWorker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { createLogger } from '@/server/log';

/** A worker with the real stage types and connections as in production, over a platform that is slow. */

const worker = await runWorker({
  database: createDatabase(process.env.DATABASE_URL ?? '', { max: 16 }),
  stageTypes,
  providers: { local: slowPlatform },
  version: 'bench',
  logger: createLogger('worker', 'info'),
  metricsPort: Number(process.env.METRICS_PORT),
  onLost: () => process.exit(1),
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
