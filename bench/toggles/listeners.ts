import { Agent, get, request } from 'node:http';
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
const agent = new Agent({ keepAlive: true, maxSockets: 200 });

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
  const listener: Listener = {
    onEvent: () => undefined,
    onValue: () => undefined,
    close: () => stream.destroy(),
  };
  const evaluate = () => evaluateAll({ url, key }, index);
  const first = JSON.parse(Buffer.concat(await evaluate()).toString('utf8')) as {
    eventStreams: { endpoint: { requestUri: string } }[];
  };
  const stream = get(url + (first.eventStreams[0]?.endpoint.requestUri ?? ''), { agent: false });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject).once('response', (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes('data:')) return;
        listener.onEvent(performance.now());
        setTimeout(() => void evaluate().then(() => listener.onValue(performance.now())), DEBOUNCE_MS);
      });
      response.on('error', () => undefined);
      resolve();
    });
  });
  stream.on('error', () => undefined);
  return listener;
}

function evaluateAll({ url, key }: Place, index: number): Promise<Buffer[]> {
  const body = JSON.stringify({ context: contextOf(index) });
  const headers = {
    'x-api-key': key,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/ofrep/v1/evaluate/flags`, { agent, method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(parts));
    });
    sent.on('error', reject).end(body);
  });
}
