import { vi } from 'vitest';
import type { SourceContext, SourceRequest, SourceResponse } from '@/server/metrics/source';

/** Answers as the wire would bring them: for what no server can be made to do. */
export type Reply = Partial<SourceResponse> | Error;

export interface FakeWire {
  readonly context: SourceContext;
  readonly requests: SourceRequest[];
}

/** One after the other, the last again and again. */
export function fakeWire(replies: readonly Reply[]): FakeWire {
  const requests: SourceRequest[] = [];
  const context: SourceContext = {
    fetch(request) {
      const reply = replies[Math.min(requests.length, replies.length - 1)] ?? {};
      requests.push(request);
      if (reply instanceof Error) return Promise.reject(reply);
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      return Promise.resolve({ status: 200, headers, body: '', ...reply });
    },
  };
  return { context, requests };
}

/** A refusal in the way of AWS's JSON protocol. */
export function refusal(status: number, type: string, message: string, headers: object = {}): Reply {
  return { status, body: JSON.stringify({ __type: type, message }), headers: { ...headers } };
}

/**
 * Settles a promise that waits on timers as well as on files, which the SDK reads. Needs fake timers, and
 * `setImmediate` as it is.
 */
export async function settle<T>(work: Promise<T>): Promise<{ readonly value?: T; readonly error?: unknown }> {
  let settled = false;
  const outcome = work
    .then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    .finally(() => (settled = true));
  while (!settled) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcome;
}
