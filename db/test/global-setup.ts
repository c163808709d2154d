import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '@/db/migrate';
import { POSTGRES_STOP_SIGNAL, startPostgres } from '@/server/supervisor/postgres/postgres';
import { stopProcess } from '@/server/supervisor/process/running';
import { databaseUrl } from './url';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which tests may create databases. */
    testDatabaseServer: string;
    testDatabaseTemplate: string;
  }
}

/**
 * One Postgres per test run, with one migrated database that every test file clones. Set
 * SIGNALBOX_TEST_DATABASE_URL to use a server of your own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.SIGNALBOX_TEST_DATABASE_URL;
  const server = own ? { url: own, stop: async () => undefined } : await startServer(project.config.root);
  const template = `signalbox_template_${process.pid}`;
  await onServer(server.url, `CREATE DATABASE ${template}`);
  await migrateDatabase(databaseUrl(server.url, template), path.join(project.config.root, 'db/migrations'));
  project.provide('testDatabaseServer', server.url);
  project.provide('testDatabaseTemplate', template);
  return async () => {
    await onServer(server.url, `DROP DATABASE IF EXISTS ${template}`);
    await server.stop();
  };
}

async function startServer(root: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
  const postgres = await startPostgres({
    root,
    dataDir,
    logFile: path.join(dataDir, 'postgres.log'),
    // Nothing here outlives the run, so nothing needs to survive a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  return {
    url: postgres.url,
    stop: async () => {
      await stopProcess(postgres.process, POSTGRES_STOP_SIGNAL, 5_000);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
