import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseHandle } from '@/db/client';
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

async function watchWhileLocked({ database, provider, logger, signal }: WatchAllOptions): Promise<void> {
  const locks = await AccountLocks.open(database);
  const watchers = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
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
      const names = new Set(
        (await database.db.select({ name: accounts.name }).from(accounts)).map((row) => row.name),
      );
      for (const account of names) {
        if (watchers.has(account) || !(await locks.tryLock(account))) continue;
        const stop = new AbortController();
        const until = AbortSignal.any([stop.signal, over]);
        const done = watchAccount({ db: database.db, account, provider, logger, lookers, signal: until });
        watchers.set(account, { stop, done });
      }
      for (const [account, watcher] of watchers) {
        if (names.has(account)) continue;
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
