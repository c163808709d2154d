import { expect, it } from 'vitest';
import { Budget } from '@/server/providers/kubernetes/client/budget';

/** A clock that moves only when somebody waits. */
function makeBudget(perSecond: number, burst: number) {
  let at = 0;
  const clock = () => at;
  const wait = async (ms: number) => {
    at += ms;
  };
  return { budget: new Budget(perSecond, burst, clock, wait), clock };
}

it('lets a burst pass at once and the rest at its pace', async () => {
  const { budget, clock } = makeBudget(10, 5);
  for (let request = 0; request < 5; request++) await budget.take();
  expect(clock()).toBe(0);

  for (let request = 0; request < 10; request++) await budget.take();
  expect(clock()).toBeGreaterThanOrEqual(999);
  expect(clock()).toBeLessThan(1_100);
});

it('serves in the order of asking', async () => {
  const { budget } = makeBudget(10, 1);
  const served: number[] = [];
  await Promise.all([1, 2, 3].map((caller) => budget.take().then(() => served.push(caller))));
  expect(served).toEqual([1, 2, 3]);
});

it('keeps everybody waiting for as long as the server asked', async () => {
  const { budget, clock } = makeBudget(10, 5);
  budget.closeFor(3_000);
  await budget.take();
  expect(clock()).toBeGreaterThanOrEqual(3_000);
});

it('takes nothing for a caller that has given up', async () => {
  const { budget, clock } = makeBudget(10, 1);
  await expect(budget.take(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  await budget.take();
  expect(clock()).toBe(0);
});
