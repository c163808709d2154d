import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';

/** Any constant will do, as long as every process that migrates uses the same. */
const MIGRATION_LOCK = 7_236_114;

/**
 * Brings the database at `url` to the newest schema. Safe to call from several processes at once:
 * an advisory lock lets one work while the others wait and then find nothing to do.
 * @param migrationsFolder the folder that drizzle-kit generates into.
 */
export async function migrateDatabase(url: string, migrationsFolder: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'signalbox migrate',
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle({ client }), { migrationsFolder });
  } finally {
    // Ending the session also gives the lock back.
    await client.end();
  }
}
