import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Discovery, type DiscoveryOptions } from '@/server/providers/kubernetes/client/discovery';

const ROUTES = {
  code: 200,
  text: JSON.stringify({ resources: [{ name: 'httproutes' }] }),
  retryAfter: undefined,
};
const MISSING = { code: 404, text: '', retryAfter: undefined };
const AWAY = { ...MISSING, code: 503 };

/** What the cluster answers, one after the other; the last one for ever. */
let answers: object[];
let asked: number;
let waited: number[];
beforeEach(() => {
  asked = 0;
  waited = [];
  return () => vi.useRealTimers();
});

function discovery(options: DiscoveryOptions = {}): Discovery {
  const answer = async () => answers[Math.min(asked++, answers.length - 1)];
  const wait = async (ms: number) => void waited.push(ms);
  // The parts that are used, answering as they do.
  const requests = { answer } as unknown as ConstructorParameters<typeof Discovery>[0];
  return new Discovery(requests, { wait, ...options });
}

describe('a kind that the account needs', () => {
  const expected = ['HTTPRoute'] as const;

  it('is not believed to be missing by an API server that has just started', async () => {
    answers = [MISSING, AWAY, MISSING, ROUTES];
    expect(await discovery({ expected }).serves('HTTPRoute')).toBe(true);
    expect(asked).toBe(4);
  });

  it('is believed to be missing after a few seconds, for all who ask, and without delay from then on', async () => {
    vi.useFakeTimers();
    answers = [MISSING];
    const one = discovery({ expected });
    expect(await Promise.all([one.serves('HTTPRoute'), one.serves('HTTPRoute')])).toEqual([false, false]);
    expect(asked).toBe(5);
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);
    vi.advanceTimersByTime(60_000);
    expect(await one.serves('HTTPRoute')).toBe(false);
    expect(asked).toBe(6);
  });
});

describe('a kind that a cluster need not have', () => {
  it('is taken to be missing at once, and is looked for again soon and then seldom', async () => {
    vi.useFakeTimers();
    answers = [MISSING];
    const one = discovery();
    for (let second = 0; second < 600; second++) {
      expect(await one.serves('HTTPRoute')).toBe(false);
      if (second === 3) expect(asked).toBeGreaterThanOrEqual(3);
      vi.advanceTimersByTime(1_000);
    }
    expect(waited).toEqual([]);
    expect(asked).toBeLessThan(40);
    answers = [ROUTES];
    vi.advanceTimersByTime(20_000);
    expect(await one.serves('HTTPRoute')).toBe(true);
  });

  it('is asked for on behalf of all, whoever goes away meanwhile', async () => {
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    answers = [MISSING, ROUTES];
    const wait = () => told;
    const one = discovery({ expected: ['HTTPRoute'], wait });
    const leaving = new AbortController();
    const left = one.serves('HTTPRoute', leaving.signal);
    const stays = one.serves('HTTPRoute');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    tell();
    expect(await stays).toBe(true);
    expect(asked).toBe(2);
  });

  it('is asked for again soon also where the only one who asked has gone away', async () => {
    vi.useFakeTimers();
    answers = [MISSING, ROUTES];
    const one = discovery();
    const leaving = new AbortController();
    const left = one.serves('HTTPRoute', leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await vi.waitFor(() => expect(asked).toBe(1));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await one.serves('HTTPRoute')).toBe(true);
  });
});
