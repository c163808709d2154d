import { describe, expect, it } from 'vitest';
import { Budget } from '@/server/providers/aws/client/budget';

/** A clock that only waiting moves. */
function clocked(burst: number, perSecond: number) {
  let now = 0;
  const wait = async (ms: number) => {
    now += ms;
  };
  return { budget: new Budget({ burst, perSecond }, () => now, wait), now: () => now };
}

describe('the budget of a service', () => {
  it('lets a burst through at once, and then so many a second', async () => {
    const { budget, now } = clocked(4, 2);
    for (let sent = 0; sent < 4; sent++) await budget.take('now');
    expect(now()).toBe(0);
    for (let sent = 0; sent < 4; sent++) await budget.take('now');
    expect(now()).toBeCloseTo(2_000, 0);
  });

  it('keeps half of it from a sweep', async () => {
    const { budget, now } = clocked(4, 2);
    await budget.take('sweep');
    await budget.take('sweep');
    expect(now()).toBe(0);
    await budget.take('sweep');
    expect(now()).toBeGreaterThan(0);
    const before = now();
    await budget.take('now');
    await budget.take('now');
    expect(now()).toBe(before);
  });

  it('takes nothing for whoever gave up', async () => {
    const { budget, now } = clocked(1, 1);
    await expect(budget.take('now', AbortSignal.abort())).rejects.toThrow();
    await budget.take('now');
    expect(now()).toBe(0);
  });
});
