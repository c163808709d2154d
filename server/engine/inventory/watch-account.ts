import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@/db/client';
import { backoffMs } from '@/server/engine/backoff';
import { keyed } from '@/server/engine/inventory/diff';
import type { Lookers } from '@/server/engine/inventory/looks';
import { lostReason } from '@/server/engine/inventory/lost-reason';
import { markLost, markSeen, markSilent } from '@/server/engine/inventory/reachability';
import { toldApart } from '@/server/engine/inventory/tell-apart';
import { readInventory, writeInventory } from '@/server/engine/inventory/write';
import { wakeJobs, wakeKey } from '@/server/engine/queue/wake';
import type { Logger } from '@/server/log';
import type { InventoryNotice, Provider } from '@/server/providers/provider';

/** Changes come in bursts; one look serves all of a burst. */
const GATHER_MS = 50;
/** A look without any notice, for what platforms do not push (memory) and to prove freshness. */
const IDLE_MS = 5_000;
/** A platform that has not answered for so long is lost: readers take what is older than half a minute for stale. */
const SILENT_MS = 25_000;

export interface WatchOptions {
  readonly db: Database;
  readonly account: string;
  readonly provider: (account: string) => Promise<Provider>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Where to be found by those who want a cluster looked at now. */
  readonly lookers?: Lookers;
  /** How long a platform may go without an answer; tests need less time. */
  readonly silentMs?: number;
}

/**
 * Keeps the inventory tables of one account at what its platform holds until the signal aborts. The
 * caller makes sure that nobody else does the same.
 */
export async function watchAccount(options: WatchOptions): Promise<void> {
  const { db, account, logger, signal } = options;
  let leave: (() => void) | undefined;
  for (let failures = 0; !signal.aborted; ) {
    try {
      await follow(options, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      const reason = lostReason(error);
      logger.warn({ account, err: error, failures }, 'platform lost');
      // Until it is followed again, whoever wants a look hears what is wrong, not that nobody is there.
      leave = options.lookers?.add(account, () => Promise.reject(new Error(reason)));
      await markLost(db, account, reason).catch((later: unknown) => logger.warn({ err: later }, 'not noted'));
      await pause(backoffMs(failures, 250, 5_000), undefined, { signal }).catch(() => undefined);
    }
  }
  leave?.();
}

async function follow(options: WatchOptions, onSeen: () => void): Promise<void> {
  const { account } = options;
  const silence = setTimeout(() => void noteSilence(options), options.silentMs ?? SILENT_MS);
  try {
    await look(options, await options.provider(account), () => {
      silence.refresh();
      onSeen();
    });
  } finally {
    clearTimeout(silence);
  }
}

async function noteSilence({ db, account, logger }: WatchOptions): Promise<void> {
  logger.warn({ account }, 'platform gives no answer');
  await markSilent(db, account).catch((error: unknown) => logger.warn({ err: error }, 'not noted'));
}

async function look(options: WatchOptions, provider: Provider, onSeen: () => void): Promise<void> {
  const { db, account, signal } = options;
  const watch = new AbortController();
  const both = AbortSignal.any([signal, watch.signal]);
  const notices = new Notices();
  const watching = collect(provider, notices, both);
  // Its failure is met at the next look; until then it must not count as unhandled.
  watching.catch(() => undefined);
  let before = await readInventory(db, account);
  const leave = options.lookers?.add(account, async ({ region, application, cluster }) => {
    await provider.refresh?.({ account, region, application, cluster }, both);
    await notices.written({ region, application, cluster }, both);
  });
  try {
    for (;;) {
      const news = await notices.next(IDLE_MS, both);
      if (signal.aborted) return;
      if (notices.ended) await watching;
      await wakeJobs(db, wakeKeys(account, news));
      // Where the watch holds everything, reading it all again at each notice would be too much; while it is
      // still reading, what it finds is worth waiting for.
      const given = provider.observed ? provider.observed() : await provider.describe(both);
      if (!given) {
        // It was seen, and does not answer any more: there is nothing to wait for before people are told.
        if (provider.seenAt?.()) await markSilent(db, account);
        continue;
      }
      const now = toldApart(given);
      await writeInventory(db, account, before, now);
      before = keyed(now);
      await markSeen(db, account, provider.seenAt?.() ?? new Date());
      notices.wrote();
      onSeen();
    }
  } finally {
    leave?.();
    watch.abort();
  }
}

async function collect(provider: Provider, notices: Notices, signal: AbortSignal): Promise<void> {
  try {
    for await (const notice of provider.watch(signal)) notices.add(notice);
    if (!signal.aborted) throw new Error('the platform ended the watch');
  } finally {
    notices.end();
  }
}

/** Notices that have come since the last look. */
class Notices {
  private gathered: InventoryNotice[] = [];
  /** Who waits until a notice of theirs is written down, and those of them whose notice has been handed out. */
  private waiting: (() => void)[] = [];
  private served: (() => void)[] = [];
  private wake: (() => void) | undefined;
  ended = false;

  add(notice: InventoryNotice): void {
    this.gathered.push(notice);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** Waits for the first notice and gathers those that follow closely; empty when none came in time. */
  async next(idleMs: number, signal: AbortSignal): Promise<InventoryNotice[]> {
    if (this.gathered.length === 0 && !this.ended) await this.arrival(idleMs, signal);
    if (this.gathered.length > 0) await pause(GATHER_MS, undefined, { signal }).catch(() => undefined);
    const news = this.gathered;
    this.gathered = [];
    this.served.push(...this.waiting);
    this.waiting = [];
    return news;
  }

  /** Adds a notice, and returns when what it is about is written down. @throws when the watch ends before. */
  async written(notice: InventoryNotice, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(new Error('The watch ended before it had looked. Try again.'));
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      this.add(notice);
    });
  }

  /** What has been handed out is written down. */
  wrote(): void {
    for (const tell of this.served) tell();
    this.served = [];
  }

  private async arrival(idleMs: number, signal: AbortSignal): Promise<void> {
    const idle = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    const timer = pause(idleMs, undefined, { signal: AbortSignal.any([idle.signal, signal]) }).catch(
      () => undefined,
    );
    await Promise.race([arrived, timer]);
    this.wake = undefined;
    idle.abort();
  }
}

function wakeKeys(account: string, news: readonly InventoryNotice[]): string[] {
  const keys = news.map(({ region, cluster }) => {
    if (region === null) return `${account}/`;
    return cluster === null ? `${account}/${region}/` : wakeKey(account, region, cluster);
  });
  return [...new Set(keys)];
}
