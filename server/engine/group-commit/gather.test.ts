import { expect, it } from 'vitest';
import { gather } from '@/server/engine/group-commit/gather';

it('answers each question with its own answer, and asks together what came meanwhile', async () => {
  const batches: number[][] = [];
  const ask = gather(async (questions: readonly number[]) => {
    batches.push([...questions]);
    await Promise.resolve();
    return questions.map((question) => question * 10);
  }, 3);

  const first = ask(1);
  const others = first.then(() => Promise.all([2, 3, 4, 5].map(ask)));

  expect(await first).toBe(10);
  expect(await others).toEqual([20, 30, 40, 50]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

it('tells all of a batch when it failed, and goes on with the next', async () => {
  let broken = true;
  const ask = gather(async (questions: readonly string[]) => {
    if (broken) throw new Error('away');
    return questions;
  }, 10);

  const outcomes = await Promise.allSettled([ask('a'), ask('b')]);
  broken = false;

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('c')).toBe('c');
});
