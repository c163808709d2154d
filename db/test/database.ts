import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import { createDatabase, type DatabaseHandle } from '@/db/client';
import { databaseUrl } from './url';

export interface TestDatabase extends DatabaseHandle {
  /** For processes that a test starts. */
  readonly url: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/**
 * A migrated, empty database, dropped when the calling test file is done. Call it at the top level
 * (`const database = await testDatabase()`); called inside a hook, it has to be closed by hand.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('testDatabaseServer');
  const name = `signalbox_test_${randomBytes(6).toString('hex')}`;
  await createClone(server, name, inject('testDatabaseTemplate'));
  const url = databaseUrl(server, name);
  const handle = createDatabase(url, { applicationName: 'signalbox test' });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= handle.close().then(() =>
      // FORCE: a process that the test killed may still have its connection counted.
      onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
    );
    return closing;
  };
  afterAll(close);
  return { ...handle, url, close };
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
