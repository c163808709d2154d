import type { News } from '@/server/services/events/hub';

/** A client slower than this is told to read everything again instead. */
const MOST_EVENTS = 5000;

/** News on their way to one client. What has gathered while the client was busy comes as one. */
export class Mailbox implements AsyncIterable<News> {
  #gathered: News | null = null;
  #wake: (() => void) | null = null;
  #closed = false;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.close();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) this.#closed = true;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  put(news: News): void {
    if (this.#closed) return;
    this.#gathered = this.#gathered ? merge(this.#gathered, news) : news;
    this.#wake?.();
  }

  /** Ends the iteration after the news at hand. */
  close(): void {
    this.#closed = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<News> {
    while (!this.#closed) {
      const news = this.#gathered;
      this.#gathered = null;
      if (news) yield news;
      else await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}

function merge(earlier: News, later: News): News {
  const reset = earlier.reset || later.reset;
  const events = [...earlier.events, ...later.events];
  return events.length > MOST_EVENTS
    ? { events: [], place: later.place, reset: true }
    : { events, place: later.place, reset };
}
