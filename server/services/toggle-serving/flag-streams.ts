/** One client that is told of changes. */
export interface StreamClient {
  readonly clientKeyId: string;
  readonly environment: string;
  send(text: string): void;
  close(): void;
}

/** As proxies and browsers give up on silence after half a minute and more. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': still here\n\n';

/** The clients of this process that wait for changes. A change is written down once and sent to all of them. */
export class FlagStreams {
  readonly #clients = new Set<StreamClient>();
  #heartbeat: NodeJS.Timeout | null = null;

  get size(): number {
    return this.#clients.size;
  }

  add(client: StreamClient): () => void {
    this.#clients.add(client);
    this.#heartbeat ??= setInterval(() => {
      for (const one of this.#clients) one.send(HEARTBEAT);
    }, HEARTBEAT_MS).unref();
    return () => this.#remove(client);
  }

  send(environment: string, text: string): void {
    for (const client of this.#clients) if (client.environment === environment) client.send(text);
  }

  /** Ends those that are not wanted any more. */
  closeUnless(isWanted: (client: StreamClient) => boolean): void {
    for (const client of this.#clients) {
      if (isWanted(client)) continue;
      this.#remove(client);
      client.close();
    }
  }

  #remove(client: StreamClient): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0 || !this.#heartbeat) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }
}

/** The event that makes a client ask again; its id is what a client that comes back tells it has seen. */
export function refetchEvent(etag: string, changedAt: Date): string {
  const data = { type: 'refetchEvaluation', etag, lastModified: Math.floor(changedAt.getTime() / 1_000) };
  return `id: ${etag}\ndata: ${JSON.stringify(data)}\n\n`;
}
