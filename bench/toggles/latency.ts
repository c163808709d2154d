import { pause, quantile } from '@/bench/support/statistics';
import { flip } from '@/bench/toggles/flags';
import { type Listener, lightListener, sdkListener } from '@/bench/toggles/listeners';
import type { Server } from '@/bench/toggles/web';
import type { Database } from '@/db/client';

export const CLIENTS = 200;
/** Of them. In real life each has a machine of its own; here they share one thread. */
const SDKS = 5;
const FLIPS = 30;
/** A change this recent is told to whoever connects; without a pause that would be counted as the flip. */
const SETTLE_MS = 2_000;
const LONGEST_MS = 10_000;

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** From the moment at which somebody flips, the write to the database included. Milliseconds. */
export interface FlipFigures {
  /** Until a client has heard that something changed. */
  readonly heard: Latency;
  /** Until it has the new answers. */
  readonly answered: Latency;
  /** The same of those that are real SDKs. */
  readonly sdk: Latency;
}

export async function measureFlips(db: Database, server: Server, key: string): Promise<FlipFigures> {
  const place = { url: server.url, key };
  const listeners = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      index < SDKS ? sdkListener(place, index) : lightListener(place, index),
    ),
  );
  const [heard, answered, sdk]: [number[], number[], number[]] = [[], [], []];
  try {
    await pause(SETTLE_MS);
    for (let turn = 0; turn < FLIPS; turn++) {
      const began = performance.now();
      const all = Promise.all(listeners.map((one) => told(one)));
      await flip(db, turn % 2 === 0 ? 'on' : 'off');
      for (const [index, times] of (await all).entries()) {
        heard.push(times.heard - began);
        answered.push(times.answered - began);
        if (index < SDKS) sdk.push(times.answered - began);
      }
      await pause(100 + Math.random() * 200);
    }
  } finally {
    for (const one of listeners) one.close();
  }
  return { heard: latency(heard), answered: latency(answered), sdk: latency(sdk) };
}

function told(listener: Listener): Promise<{ heard: number; answered: number }> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a client was not told of a flip')), LONGEST_MS);
    let heard = 0;
    listener.onEvent = (at) => (heard = at);
    listener.onValue = (answered) => {
      clearTimeout(late);
      resolve({ heard, answered });
    };
  });
}

function latency(values: readonly number[]): Latency {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}
