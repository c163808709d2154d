import { isBulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import { expect, it } from 'vitest';
import { systemClock } from '@/server/domain/clock';
import { callPolicy, DEFAULT_LIMITS, LeftAloneError } from '@/server/engine/access/call-policy';
import { ProviderError } from '@/server/providers/provider';

const quick = { ...DEFAULT_LIMITS, timeoutMs: 40, retries: 0, breakAfter: 3, inFlight: 2 };
const down = () => Promise.reject(new ProviderError('unavailable', 'gone'));

it('opens after outages in a row and then refuses without asking the platform', async () => {
  const policy = callPolicy('prod', systemClock, quick);
  let asked = 0;
  const ask = () =>
    policy(() => {
      asked += 1;
      return down();
    });

  for (let i = 0; i < 3; i++) await expect(ask()).rejects.toThrow('gone');

  const refusal = await ask().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(LeftAloneError);
  expect(refusal).toMatchObject({ account: 'prod', reason: 'gone' });
  expect(asked).toBe(3);
});

it('stays closed when the platform refuses, because a refusal is an answer', async () => {
  const policy = callPolicy('prod', systemClock, quick);
  const refused = () => policy(() => Promise.reject(new ProviderError('conflict', 'taken')));

  for (let i = 0; i < 10; i++) await expect(refused()).rejects.toThrow('taken');

  await expect(policy(async () => 'well')).resolves.toBe('well');
});

it('stays closed while something takes its time, and leaves it to the caller to ask again', async () => {
  const policy = callPolicy('prod', systemClock, { ...quick, retries: 2 });
  let asked = 0;
  const drain = () =>
    policy(() => {
      asked += 1;
      return Promise.reject(new ProviderError('pending', 'draining'));
    });

  for (let i = 0; i < 10; i++) await expect(drain()).rejects.toThrow('draining');

  expect(asked).toBe(10);
  await expect(policy(async () => 'well')).resolves.toBe('well');
});

it('tries an outage again within the call', async () => {
  const policy = callPolicy('prod', systemClock, { ...quick, retries: 2 });
  let asked = 0;

  const answer = policy(() => {
    asked += 1;
    return asked === 1 ? down() : Promise.resolve('well');
  });

  await expect(answer).resolves.toBe('well');
});

it('gives up a call that does not answer, and lets only so many hang at once', async () => {
  const policy = callPolicy('prod', systemClock, quick);
  const hang = () => policy(() => new Promise(() => undefined));

  const answers = await Promise.allSettled([hang(), hang(), hang()]);

  const reasons = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : null) as unknown);
  expect(reasons.map(isBulkheadRejectedError)).toEqual([false, false, true]);
  expect(reasons.map((reason) => reason instanceof TaskCancelledError)).toEqual([true, true, false]);
});

it('does not let one account’s outage reach another account', async () => {
  const broken = callPolicy('broken', systemClock, quick);
  for (let i = 0; i < 5; i++) await broken(down).catch(() => undefined);

  await expect(callPolicy('well', systemClock, quick)(async () => 'well')).resolves.toBe('well');
});
