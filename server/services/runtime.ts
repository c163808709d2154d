import { createDatabase, type Database } from '@/db/client';
import { type Environment, readEnvironment, requireDatabaseUrl, requireSecret } from '@/server/env';
import { createLogger, type Logger } from '@/server/log';
import { type SecretBox, secretBox } from '@/server/secrets/seal';

/** What the web process has one of. */
export interface Runtime {
  readonly env: Environment;
  readonly db: Database;
  readonly log: Logger;
  readonly secrets: SecretBox;
}

/** On globalThis because Next instantiates modules several times in one process. */
const KEY = Symbol.for('signalbox.web.runtime');
const holder = globalThis as typeof globalThis & { [KEY]?: Runtime };

/** The one pool, configuration and logger of this process, made on first use. */
export function runtime(): Runtime {
  holder[KEY] ??= createRuntime();
  return holder[KEY];
}

/** Lets a test put its own database behind the doors. */
export function setRuntime(replacement: Runtime): void {
  holder[KEY] = replacement;
}

function createRuntime(): Runtime {
  const env = readEnvironment();
  const { db } = createDatabase(requireDatabaseUrl(env), { max: 20, applicationName: 'signalbox web' });
  const secrets = secretBox(requireSecret(env));
  return { env, db, log: createLogger('web', env.SIGNALBOX_LOG_LEVEL), secrets };
}
