import { createDatabase } from '@/db/client';
import packageJson from '@/package.json';
import { openSource } from '@/server/analysis/open-source';
import { runBackground } from '@/server/automation/background';
import { backgroundWorks } from '@/server/automation/works';
import { systemClock } from '@/server/domain/clock';
import { isAppError } from '@/server/domain/errors';
import { runWorker, type Worker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { readEnvironment, requireDatabaseUrl, requireSecret } from '@/server/env';
import { createLogger } from '@/server/log';
import { providers } from '@/server/providers/registry';
import { secretBox } from '@/server/secrets/seal';

/** Process entry of the engine. Any number may run against one database. */

/** Connections: jobs in flight queue for them for milliseconds, because every transaction is short. */
const CONNECTIONS = 16;
/** Background work holds one connection each while it has its turn, and must not take the engine's. */
const AUTOMATION_CONNECTIONS = 12;
/** After SIGTERM the process is gone by then, whatever hangs. */
const EXIT_WITHIN_MS = 5_000;

const logger = createLogger('worker');

async function main(): Promise<void> {
  const env = readEnvironment();
  const database = createDatabase(requireDatabaseUrl(env), {
    max: CONNECTIONS,
    applicationName: 'signalbox worker',
  });
  const secrets = secretBox(requireSecret(env));
  const leaving = new AbortController();
  let worker: Worker | null = null;
  const leave = () => {
    leaving.abort();
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    (worker?.stop() ?? Promise.resolve()).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // Before anything is waited for: as the first process of a container it has no other way to be asked to end.
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  worker = await runWorker({
    database,
    stageTypes,
    providers,
    version: packageJson.version,
    logger,
    metricsPort: env.SIGNALBOX_WORKER_METRICS_PORT,
    metricsHost: env.SIGNALBOX_WORKER_METRICS_HOST,
    outbound: { allow: env.SIGNALBOX_OUTBOUND_ALLOW },
    metricsSource: (name) => openSource(database.db, secrets, name),
    onLost() {
      logger.error('the database stays away; leaving, so that a fresh worker can be started');
      process.exit(1);
    },
  });
  const automation = createDatabase(requireDatabaseUrl(env), {
    max: AUTOMATION_CONNECTIONS,
    applicationName: 'signalbox automation',
  });
  const works = backgroundWorks({
    database: automation,
    clock: systemClock,
    secrets,
    logger,
    outbound: { allow: env.SIGNALBOX_OUTBOUND_ALLOW },
    url: env.SIGNALBOX_URL,
  });
  void runBackground({ database: automation, works, logger, signal: leaving.signal });
}

main().catch((error: unknown) => {
  if (isAppError(error)) logger.error(error.message);
  else logger.error({ err: error }, 'the worker could not start');
  process.exit(1);
});
