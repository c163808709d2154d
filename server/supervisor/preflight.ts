import path from 'node:path';
import { Client } from 'pg';
import { AppError } from '@/server/domain/errors';
import { type Environment, readEnvironment } from '@/server/env';
import { prepareDataFolder } from './files';
import { assertUnlocked } from './lock';

/** Oldest Postgres that has all we use, in the form of `server_version_num`. */
const OLDEST_POSTGRES = 140_000;

export interface Settings extends Environment {
  /** Absolute, unlike what a person may have typed. */
  readonly SIGNALBOX_DATA: string;
}

/**
 * What can be known to be wrong before anything is started or built.
 * @throws AppError with a sentence naming what to change.
 */
export async function preflight(root: string): Promise<Settings> {
  const env = readEnvironment();
  const settings = {
    ...env,
    SIGNALBOX_DATA: path.resolve(root, env.SIGNALBOX_DATA),
  };
  prepareDataFolder(settings.SIGNALBOX_DATA);
  assertUnlocked(settings.SIGNALBOX_DATA);
  if (env.DATABASE_URL) await checkDatabase(env.DATABASE_URL);
  return settings;
}

async function checkDatabase(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    if (Number(rows[0]?.server_version_num) < OLDEST_POSTGRES)
      throw new Error('it is older than Postgres 14');
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The database at DATABASE_URL (${new URL(url).host}) cannot be used: ${explain(error)}. Check the address, or unset DATABASE_URL to use the embedded Postgres.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Node reports a host with several addresses as an AggregateError whose own message is empty. */
function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(explain).join(', ');
  return error instanceof Error ? error.message : String(error);
}
