import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveState } from '@/components/live/freshness.view';
import { LiveStream, type LiveStreamOptions } from '@/components/live/live-stream';

interface Handlers {
  readonly onData: (message: { id: string; data: ReturnType<typeof batch> }) => void;
  readonly onConnectionStateChange: (change: { state: 'connecting' | 'pending' }) => void;
  readonly onError: () => void;
}

function batch(lastSeq: string, parts: { reset?: boolean; at?: string; eventAt?: string } = {}) {
  const at = parts.at ?? '2026-11-21T00:00:10.000Z';
  const event = {
    seq: lastSeq,
    at: parts.eventAt ?? at,
    kind: 'inventory',
    application: null,
    executionId: null,
    subject: null,
    status: null,
  };
  return { lastSeq, events: [event], reset: parts.reset ?? false, at };
}

/** Locks of one browser: first come, first served; the next gets it when the holder is done. */
function fakeLocks() {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, options: { signal: AbortSignal }, held: () => Promise<void>) => {
      tail = tail.then(() => (options.signal.aborted ? undefined : held()));
      return tail;
    },
  };
}

/** One tab: what it asked of the server and what it was told. */
function tab() {
  const asked: { lastEventId: string | null; handlers: Handlers }[] = [];
  const seen = { sequences: [] as string[], resets: 0, states: [] as LiveState[] };
  const client = {
    events: {
      stream: {
        subscribe: (input: { lastEventId: string | null }, handlers: Handlers) => {
          asked.push({ lastEventId: input.lastEventId, handlers });
          return { unsubscribe: () => undefined };
        },
      },
    },
    // The rest of the client is not used here.
  } as unknown as LiveStreamOptions['client'];
  const stream = new LiveStream({
    client,
    onEvents: (events) => seen.sequences.push(...events.map((event) => event.seq)),
    onReset: () => (seen.resets += 1),
    onState: (state) => seen.states.push(state),
  });
  streams.push(stream);
  stream.start();
  const send = (data: ReturnType<typeof batch>) => asked.at(-1)?.handlers.onData({ id: data.lastSeq, data });
  return { asked, seen, send, stream };
}

const streams: LiveStream[] = [];
beforeEach(() => vi.stubGlobal('navigator', { locks: fakeLocks() }));
afterEach(() => {
  for (const stream of streams.splice(0)) stream.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the live stream of several tabs', () => {
  it('is read by one of them and passed on to the others', async () => {
    const first = tab();
    await vi.waitFor(() => expect(first.asked).toHaveLength(1));
    const second = tab();
    first.send(batch('7'));
    await vi.waitFor(() => expect(second.seen.sequences).toEqual(['7']));
    expect(first.seen.sequences).toEqual(['7']);
    expect(second.asked).toEqual([]);
  });

  it('goes on in the next tab from the last event it was told', async () => {
    const first = tab();
    await vi.waitFor(() => expect(first.asked).toHaveLength(1));
    const second = tab();
    first.send(batch('7'));
    await vi.waitFor(() => expect(second.seen.sequences).toEqual(['7']));
    first.stream.stop();
    await vi.waitFor(() => expect(second.asked.map(({ lastEventId }) => lastEventId)).toEqual(['7']));
  });

  it('is read by each tab for itself where the browser has no locks', () => {
    vi.stubGlobal('navigator', {});
    expect(tab().asked).toHaveLength(1);
    expect(tab().asked).toHaveLength(1);
  });
});

describe('the live stream', () => {
  beforeEach(() => vi.stubGlobal('navigator', {}));

  it('connects again after an error, where it left off, and says so meanwhile', async () => {
    vi.useFakeTimers();
    const { asked, seen, send } = tab();
    send(batch('3'));
    asked[0]?.handlers.onError();
    expect(seen.states.at(-1)?.connection).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([null, '3']);
  });

  it('reads everything again when it was away too long, but not on its first connection', () => {
    const { seen, send } = tab();
    send(batch('1', { reset: true }));
    expect(seen.resets).toBe(0);
    send(batch('2', { reset: true }));
    expect(seen.resets).toBe(1);
  });

  it('counts lag only for news, and only for a while', async () => {
    vi.useFakeTimers();
    const { seen, send } = tab();
    const late = { at: '2026-11-21T00:00:10.000Z', eventAt: '2026-11-21T00:00:04.000Z' };
    send(batch('1', late));
    expect(seen.states.at(-1)?.lagMs).toBe(0);
    send(batch('2', late));
    expect(seen.states.at(-1)?.lagMs).toBe(6_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(seen.states.at(-1)?.lagMs).toBe(0);
  });
});
