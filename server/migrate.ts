import path from 'node:path';
import { createDatabase } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import { untilDatabaseAnswers } from '@/db/wait';
import { isAppError } from '@/server/domain/errors';
import { readEnvironment, requireDatabaseUrl } from '@/server/env';
import { createLogger } from '@/server/log';
import { projectRoot } from '@/server/supervisor/root';

/**
 * Process entry that brings the database to the newest schema and ends; for places without a supervisor. Any
 * number may run at once: one works, the others wait and find nothing to do.
 */

const logger = createLogger('migrate');

async function main(): Promise<void> {
  const url = requireDatabaseUrl(readEnvironment());
  const database = createDatabase(url, { max: 1, applicationName: 'signalbox migrate' });
  try {
    await untilDatabaseAnswers(database.pool, (reason) =>
      logger.warn({ reason }, 'the database does not answer; waiting for it'),
    );
  } finally {
    await database.close();
  }
  await migrateDatabase(url, path.join(projectRoot(), 'db', 'migrations'));
  logger.info('the database is up to date');
}

// As the first process of a container it would otherwise not end while it waits.
process.once('SIGTERM', () => process.exit(143));

main().catch((error: unknown) => {
  if (isAppError(error)) logger.error(error.message);
  else logger.error({ err: error }, 'the database could not be brought up to date');
  process.exit(1);
});
