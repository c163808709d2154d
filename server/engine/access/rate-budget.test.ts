import { expect, it } from 'vitest';
import { BudgetSpentError, RateBudget } from '@/server/engine/access/rate-budget';

function budgetAt(start = 0) {
  let now = start;
  const clock = { now: () => new Date(now) };
  const budget = new RateBudget('prod', { perSecond: 10, burst: 2, patienceMs: 250 }, clock);
  return { budget, pass: (ms: number) => (now += ms) };
}

it('lets a burst through at once, then spaces calls at the rate, then refuses', () => {
  const { budget } = budgetAt();

  expect([budget.take(), budget.take(), budget.take(), budget.take()]).toEqual([0, 0, 100, 200]);
  expect(() => budget.take()).toThrow(BudgetSpentError);
});

it('fills up again with time, but never beyond the burst', () => {
  const { budget, pass } = budgetAt();
  budget.take();
  budget.take();

  pass(60_000);

  expect([budget.take(), budget.take(), budget.take()]).toEqual([0, 0, 100]);
});
