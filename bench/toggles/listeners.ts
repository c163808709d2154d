import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { OFREPWebProvider, type SseEventParser } from '@openfeature/ofrep-web-provider';
import { ClientProviderEvents } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { contextOf } from '@/bench/toggles/flags';

/** A client that is told of changes. `onEvent` and `onValue` are called with the moment, by this process's clock. */
export interface Listener {
  onEvent: (at: number) => void;
  /** The new answers are there. */
  onValue: (at: number) => void;
  close(): void;
}

interface Place {
  readonly url: string;
  readonly key: string;
}

/** As the provider waits, to take several events as one. */
const DEBOUNCE_MS = 50;

/** The real web SDK's provider. */
export async function sdkListener({ url, key }: Place, index: number): Promise<Listener> {
  Object.assign(globalThis, { EventSource });
  const provider = new OFREPWebProvider({
    baseUrl: url,
    headers: [['X-API-Key', key]],
    cacheMode: 'disabled',
    sseEventParser: (event) => {
      listener.onEvent(performance.now());
      return JSON.parse(String(event.data)) as ReturnType<SseEventParser>;
    },
  });
  const listener: Listener = {
    onEvent: () => undefined,
    onValue: () => undefined,
    close: () => void provider.onClose?.(),
  };
  await provider.initialize?.(contextOf(index));
  provider.events.addHandler(ClientProviderEvents.ConfigurationChanged, () =>
    listener.onValue(performance.now()),
  );
  return listener;
}

/** What the SDK sends and reads, without what it works out: 200 of them in one process are not in each other's way. */
export async function lightListener({ url, key }: Place, index: number): Promise<Listener> {
  const connection = new Connection(url, key, index);
  const first = await connection.evaluate();
  const requestUri = /"requestUri":"([^"]+)"/.exec(first.toString('utf8'))?.[1];
  if (!requestUri) throw new Error('the answer names no stream');
  const stream = get(url + requestUri, { agent: false });
  const listener: Listener = {
    onEvent: () => undefined,
    onValue: () => undefined,
    close: () => {
      stream.destroy();
      connection.close();
    },
  };
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject).once('response', (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes('data:')) return;
        listener.onEvent(performance.now());
        const evaluate = () => connection.evaluate().then(() => listener.onValue(performance.now()));
        setTimeout(() => void evaluate(), DEBOUNCE_MS);
      });
      response.on('error', () => undefined);
      resolve();
    });
  });
  stream.on('error', () => undefined);
  return listener;
}

/** One connection that evaluates all flags. Only as much of HTTP as tells where an answer ends. */
class Connection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #parts: Buffer[] = [];
  #answered: (answer: Buffer) => void = () => undefined;

  constructor(url: string, key: string, index: number) {
    const { hostname, port, host } = new URL(url);
    const body = JSON.stringify({ context: contextOf(index) });
    const head = [
      'POST /ofrep/v1/evaluate/flags HTTP/1.1',
      `host: ${host}`,
      `x-api-key: ${key}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    this.#request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('data', (part) => this.#take(part)).on('error', () => undefined);
  }

  evaluate(): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#parts = [];
      this.#answered = resolve;
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(part: Buffer): void {
    this.#parts.push(part);
    const head = this.#parts[0]?.toString('latin1', 0, 2_000) ?? '';
    const headEnd = head.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const size = this.#parts.reduce((sum, one) => sum + one.byteLength, 0);
    if (size >= headEnd + length) this.#answered(Buffer.concat(this.#parts));
  }
}
