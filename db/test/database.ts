import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import { type DatabaseHandle, createDatabase } from '@/db/client';
import { databaseUrl } from './url';

export interface TestDatabase extends DatabaseHandle {
  /** For processes that a test starts. */
  readonly url: string;
}

/**
 * A migrated, empty database for the calling test file, dropped when the file is done. Call it once,
 * at the top or in a `beforeAll`; integration tests only.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('testDatabaseServer');
  const name = `signalbox_test_${randomBytes(6).toString('hex')}`;
  await createClone(server, name, inject('testDatabaseTemplate'));
  const url = databaseUrl(server, name);
  const handle = createDatabase(url, { applicationName: 'signalbox test' });
  afterAll(async () => {
    await handle.close();
    // FORCE: a process that the test killed may still have its connection counted.
    await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  });
  return { ...handle, url };
}

async function createClone(server: string, name: string, template: string): Promise<void> {
  await onServer(server, async (client) => {
    // A template that is being copied may not be copied by another at the same moment.
    await client.query('SELECT pg_advisory_lock(1)');
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
}

async function onServer(url: string, act: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
