import type { QueryClient } from '@tanstack/react-query';
import { isStaleAfter } from '@/components/live/invalidate.view';
import type { SignalEvent } from '@/server/domain/events';

/** Events closer than this are answered by one refetch. */
const BATCH_MS = 50;

/**
 * Refetches what events made stale. A query that is being fetched already is not cancelled (under a
 * steady stream of events it would never finish) but fetched once more afterwards, because its answer
 * may be older than the event.
 */
export class Refresher {
  private readonly stale = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly queries: QueryClient) {}

  add(events: readonly SignalEvent[]): void {
    if (events.length === 0) return;
    for (const query of this.queries.getQueryCache().getAll()) {
      if (events.some((event) => isStaleAfter(query.queryKey, event))) this.stale.add(query.queryHash);
    }
    this.schedule();
  }

  /** Everything may have changed. */
  addAll(): void {
    for (const query of this.queries.getQueryCache().getAll()) {
      if (Array.isArray(query.queryKey[0])) this.stale.add(query.queryHash);
    }
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    if (this.stale.size > 0) this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private flush(): void {
    this.timer = undefined;
    const cache = this.queries.getQueryCache();
    const ready = new Set<string>();
    for (const hash of this.stale) {
      const query = cache.get(hash);
      if (query?.state.fetchStatus === 'fetching') continue;
      this.stale.delete(hash);
      if (query) ready.add(hash);
    }
    if (ready.size > 0)
      void this.queries.invalidateQueries({ predicate: (query) => ready.has(query.queryHash) });
    this.schedule();
  }
}
