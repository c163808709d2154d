import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { ReclaimingPool } from '@/db/pool';
import * as schema from '@/db/schema';

export type Database = NodePgDatabase<typeof schema> & { readonly $client: Pool };

/** What a `db.transaction` callback receives. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface DatabaseHandle {
  readonly db: Database;
  /** For what drizzle does not do: LISTEN, advisory locks held over statements. */
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. */
  readonly max?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** A pool and the typed query builder over it. Connections are opened on first use. */
export function createDatabase(url: string, options: DatabaseOptions = {}): DatabaseHandle {
  const pool = new ReclaimingPool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'signalbox',
    connectionTimeoutMillis: 10_000,
    // A process that is frozen or cut off inside a transaction must not keep its row locks from others.
    idle_in_transaction_session_timeout: 5_000,
  });
  // Without a listener, the loss of an idle connection (a database restart) ends the process.
  pool.on('error', () => undefined);
  // Likewise a connection that is lost between two statements of a transaction: the pool listens only
  // to idle ones. The next statement on it fails and tells its caller.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    db: drizzle({ client: pool, schema }),
    pool,
    close: () => pool.end(),
  };
}
