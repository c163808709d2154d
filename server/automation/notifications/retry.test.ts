import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, pauseAfter } from '@/server/automation/notifications/retry';

const NOW = new Date('2026-03-01T12:00:00Z');
const plain = (attempts: number) => pauseAfter(attempts, undefined, NOW, 0);

describe('the pause before a message is tried again', () => {
  it('grows from seconds to a day, over three days in all, and then it is given up', () => {
    const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => plain(index + 1) ?? 0);
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    expect(pauses[0]).toBe(5_000);
    expect(pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000).toBeGreaterThan(72);
    expect(plain(MAX_ATTEMPTS)).toBeNull();
  });

  it('is spread, so that messages do not come back all at once', () => {
    expect(pauseAfter(2, undefined, NOW, 1)).toBe(360_000);
  });

  it('is as long as the receiver asks, but not longer than a day', () => {
    expect(pauseAfter(1, '90', NOW, 0)).toBe(90_000);
    expect(pauseAfter(1, 'Sun, 01 Mar 2026 13:00:00 GMT', NOW, 0)).toBe(3_600_000);
    expect(pauseAfter(1, '99999999', NOW, 0)).toBe(86_400_000);
    expect(pauseAfter(1, '1', NOW, 0)).toBe(5_000);
    expect(pauseAfter(1, 'soon', NOW, 0)).toBe(5_000);
  });
});
