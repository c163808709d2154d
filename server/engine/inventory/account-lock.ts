import type { PoolClient } from 'pg';
import type { DatabaseHandle } from '@/db/client';

/** First half of the advisory lock's key: says what the second half, a hash of the account, is about. */
const WATCH_LOCK = 7_236_115;

/**
 * Keeps accounts to one watcher over all workers. The locks live in one database session: when that
 * ends, by a crash or a lost connection, all of them are free for others, and `lost` aborts.
 */
export class AccountLocks {
  private readonly ended = new AbortController();

  private constructor(private readonly client: PoolClient) {
    client.on('error', () => this.ended.abort());
    client.on('end', () => this.ended.abort());
  }

  static async open(database: DatabaseHandle): Promise<AccountLocks> {
    return new AccountLocks(await database.pool.connect());
  }

  get lost(): AbortSignal {
    return this.ended.signal;
  }

  /** Hears what is said on the channel for as long as the locks are held. */
  async listen(channel: string, onWord: (word: string) => void): Promise<void> {
    this.client.on('notification', (notice) => onWord(notice.payload ?? ''));
    await this.client.query(`LISTEN ${channel}`);
  }

  async tryLock(account: string): Promise<boolean> {
    const { rows } = await this.client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS got',
      [WATCH_LOCK, account],
    );
    return rows[0]?.got ?? false;
  }

  async unlock(account: string): Promise<void> {
    await this.client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [WATCH_LOCK, account]);
  }

  /** Ends the session, and with it all locks. */
  close(): void {
    if (!this.ended.signal.aborted) this.ended.abort();
    this.client.removeAllListeners('notification');
    this.client.release(true);
  }
}
