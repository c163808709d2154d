import { setTimeout as pause } from 'node:timers/promises';
import type { Database, DatabaseHandle } from '@/db/client';
import { accounts } from '@/db/schema';
import { CHANNEL } from '@/server/domain/events';
import { AccountLocks } from '@/server/engine/inventory/account-lock';
import { Lookers } from '@/server/engine/inventory/looks';
import { watchAccount } from '@/server/engine/inventory/watch-account';
import type { Logger } from '@/server/log';
import type { Provider } from '@/server/providers/provider';

/** How often accounts without a watcher are looked for: new ones, and those of workers that died. */
const LOOK_MS = 1_000;

export interface WatchAllOptions {
  readonly database: DatabaseHandle;
  readonly provider: (account: string) => Promise<Provider>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Watches, until the signal aborts, every account that no other worker watches. */
export async function watchAll(options: WatchAllOptions): Promise<void> {
  const { logger, signal } = options;
  while (!signal.aborted) {
    try {
      await watchWhileLocked(options);
    } catch (error) {
      logger.warn({ err: error }, 'accounts are not watched; trying again');
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Watcher {
  /** Platform and configuration as they were when it began. */
  readonly settings: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

async function watchWhileLocked({ database, provider, logger, signal }: WatchAllOptions): Promise<void> {
  const locks = await AccountLocks.open(database);
  const watchers = new Map<string, Watcher>();
  const over = AbortSignal.any([signal, locks.lost]);
  const lookers = new Lookers();
  const hear = (word: string) => {
    lookers
      .hear(database.db, word)
      .catch((error: unknown) => logger.warn({ err: error }, 'nobody heard how a look went'));
  };
  try {
    await locks.listen(CHANNEL.look, hear);
    while (!over.aborted) {
      const wanted = await settingsOfAccounts(database.db);
      for (const [account, settings] of wanted) {
        const before = watchers.get(account);
        if (before?.settings === settings || (!before && !(await locks.tryLock(account)))) continue;
        before?.stop.abort();
        const stop = new AbortController();
        const until = AbortSignal.any([stop.signal, over]);
        const watch = () =>
          watchAccount({ db: database.db, account, provider, logger, lookers, signal: until });
        // Two that write one account would undo each other's work; the others do not wait for that.
        const done = before ? before.done.then(watch) : watch();
        watchers.set(account, { settings, stop, done });
      }
      for (const [account, watcher] of watchers) {
        if (wanted.has(account)) continue;
        watcher.stop.abort();
        await watcher.done;
        watchers.delete(account);
        await locks.unlock(account);
      }
      await pause(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
    }
  } finally {
    for (const { stop } of watchers.values()) stop.abort();
    await Promise.allSettled([...watchers.values()].map(({ done }) => done));
    locks.close();
  }
}

/** By name; an account whose settings are others is watched anew. */
async function settingsOfAccounts(db: Database): Promise<ReadonlyMap<string, string>> {
  const { name, provider, config } = accounts;
  const rows = await db.select({ name, provider, config }).from(accounts);
  return new Map(rows.map((row) => [row.name, JSON.stringify([row.provider, row.config])]));
}
