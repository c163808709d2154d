import { expect, it } from 'vitest';
import { NO_ANSWER } from '@/server/domain/unseen';
import { stalenessOf, staleReason } from '@/server/services/board/freshness';

const seen = { error: null, seenAt: '2026-11-21T16:02:41.123Z', secondsAgo: 3 };
const never = { error: null, seenAt: null, secondsAgo: null };

it('has nothing to say of an account that was seen just now', () => {
  expect(stalenessOf(seen)).toBeNull();
});

it('tells a platform that gives no answer from one that no worker looks at', () => {
  expect(stalenessOf({ ...seen, secondsAgo: 300, error: NO_ANSWER })).toEqual({
    reason: 'The platform has not answered since 2026-11-21 16:02 UTC.',
    cause: 'unanswered',
  });
  expect(stalenessOf({ ...seen, secondsAgo: 300 })).toEqual({
    reason: 'No worker has looked at the account lately.',
    cause: 'unwatched',
  });
});

it('tells the same of an account that was never seen', () => {
  expect(staleReason({ ...never, error: NO_ANSWER })).toBe('The platform has not answered yet.');
  expect(stalenessOf(never)).toMatchObject({ cause: 'never' });
  expect(stalenessOf(undefined)).toMatchObject({ cause: 'gone' });
});

it('leaves the words of the platform as they are', () => {
  expect(stalenessOf({ ...seen, error: 'connection refused' })).toEqual({
    reason: 'connection refused',
    cause: null,
  });
});
