import { createDatabase } from '@/db/client';
import { isAppError } from '@/server/domain/errors';
import { readEnvironment, requireDatabaseUrl } from '@/server/env';
import { createLogger } from '@/server/log';
import { seed } from '@/server/services/demo/seed';

/**
 * Process that makes what a start needs and lacks. Its last line is JSON: `{"adminPassword"?: string}`,
 * the password only when it has just been made.
 */
async function main(): Promise<void> {
  const env = readEnvironment();
  const database = createDatabase(requireDatabaseUrl(env), { max: 4, applicationName: 'signalbox seed' });
  try {
    const answer = await seed(database.db, env, createLogger('seed', env.SIGNALBOX_LOG_LEVEL));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } finally {
    await database.close();
  }
}

await main().catch((error: unknown) => {
  if (isAppError(error)) process.stderr.write(`${error.message}\n`);
  else createLogger('seed').error({ err: error }, 'the first data could not be written');
  process.exitCode = 1;
});
