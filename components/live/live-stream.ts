import type { TRPCClient } from '@trpc/client';
import { type Connection, type LiveState, lagOf } from '@/components/live/freshness.view';
import type { AppRouter } from '@/server/api/types';
import type { SignalEvent } from '@/server/domain/events';

interface Batch {
  readonly lastSeq: string;
  readonly events: readonly SignalEvent[];
  readonly reset: boolean;
  readonly at: string;
}

/** Between tabs of one browser. */
type TabMessage =
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'hello' };

export interface LiveStreamOptions {
  readonly client: TRPCClient<AppRouter>;
  readonly onEvents: (events: readonly SignalEvent[]) => void;
  /** Something may have been missed. */
  readonly onReset: () => void;
  readonly onState: (state: LiveState) => void;
}

const NAME = 'signalbox-live';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;
/** A late batch is news for this long; afterwards nothing more is late. */
const LAG_SHOWN_MS = 5_000;

/**
 * One event stream for all tabs of a browser: browsers allow six HTTP/1.1 connections per origin, so
 * the seventh tab with a stream of its own would hang. The tab that holds the Web Lock reads the
 * stream and passes it on; when it closes, the next one goes on from the last event it was told.
 * Where locks are missing (plain http on another host than localhost) each tab reads for itself.
 */
export class LiveStream {
  private readonly aborter = new AbortController();
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);
  private state: LiveState = { connection: 'connecting', lagMs: 0 };
  private lastSeq: string | null = null;
  private leads = false;
  private retryMs = FIRST_RETRY_MS;
  /** The first batch of a connection catches up; how old its events are says nothing about lag. */
  private catchingUp = true;
  private lagTimer: ReturnType<typeof setTimeout> | undefined;
  private subscription: { unsubscribe: () => void } | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LiveStreamOptions) {}

  start(): void {
    const { locks } = navigator;
    // Typed as always there, but absent outside https and localhost.
    if (!(locks as LockManager | undefined) || !this.channel) {
      this.subscribe();
      return;
    }
    this.channel.onmessage = ({ data }: MessageEvent<TabMessage>) => this.hear(data);
    this.tell({ type: 'hello' });
    locks
      .request(NAME, { signal: this.aborter.signal }, () => this.lead())
      .catch((error: unknown) => {
        if (!this.aborter.signal.aborted) throw error;
      });
  }

  stop(): void {
    this.aborter.abort();
    clearTimeout(this.retryTimer);
    clearTimeout(this.lagTimer);
    this.subscription?.unsubscribe();
    this.channel?.close();
  }

  /** Holds the lock, and with it the stream, until this tab goes. */
  private lead(): Promise<void> {
    this.leads = true;
    this.subscribe();
    return new Promise((resolve) =>
      this.aborter.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
  }

  private subscribe(): void {
    this.subscription?.unsubscribe();
    this.subscription = this.options.client.events.stream.subscribe(
      { lastEventId: this.lastSeq },
      {
        onData: ({ data }) => {
          this.tell({ type: 'batch', batch: data });
          this.take(data);
        },
        onConnectionStateChange: ({ state }) => {
          if (state === 'pending') this.retryMs = FIRST_RETRY_MS;
          else this.catchingUp = true;
          this.setConnection(state === 'pending' ? 'live' : this.lost());
        },
        // Both mean that the client library has given up; we do not.
        onError: () => this.retry(),
        onComplete: () => this.retry(),
      },
    );
  }

  private retry(): void {
    if (this.aborter.signal.aborted) return;
    this.setConnection(this.lost());
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.subscribe(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  /** Before the first event it is not a *re*connection. */
  private lost(): Connection {
    return this.lastSeq === null ? 'connecting' : 'reconnecting';
  }

  private hear(message: TabMessage): void {
    switch (message.type) {
      case 'batch':
        this.take(message.batch);
        return;
      case 'connection':
        this.setState({ ...this.state, connection: message.connection });
        return;
      case 'hello':
        if (this.leads) this.tell({ type: 'connection', connection: this.state.connection });
        return;
      default: {
        const unreachable: never = message;
        return unreachable;
      }
    }
  }

  private take(batch: Batch): void {
    const wasKnown = this.lastSeq !== null;
    this.lastSeq = batch.lastSeq;
    const lagMs = this.catchingUp ? 0 : lagOf(batch);
    this.catchingUp = false;
    this.setState({ connection: 'live', lagMs });
    clearTimeout(this.lagTimer);
    if (lagMs > 0) this.lagTimer = setTimeout(() => this.setState({ ...this.state, lagMs: 0 }), LAG_SHOWN_MS);
    if (batch.reset && wasKnown) this.options.onReset();
    this.options.onEvents(batch.events);
  }

  private setConnection(connection: Connection): void {
    this.setState({ ...this.state, connection });
    this.tell({ type: 'connection', connection });
  }

  private setState(state: LiveState): void {
    this.state = state;
    this.options.onState(state);
  }

  private tell(message: TabMessage): void {
    if (!this.aborter.signal.aborted) this.channel?.postMessage(message);
  }
}
