import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '@/server/domain/pipeline';
import { windowState } from '@/server/domain/time-window';

const OFFICE: TimeWindow = {
  timeZone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  spans: [{ from: '09:00', to: '17:00' }],
};
const at = (text: string) => new Date(text);
const opens = (window: TimeWindow, now: string) => {
  const state = windowState(window, at(now), 'seed');
  return state.open ? 'open' : state.opensAt.toISOString();
};

describe('a time window', () => {
  it('goes by the clocks of its time zone', () => {
    // A Friday: Berlin is two hours ahead of UTC in summer.
    expect(opens(OFFICE, '2026-07-03T06:59:00Z')).toBe('2026-07-03T07:00:00.000Z');
    expect(opens(OFFICE, '2026-07-03T07:00:00Z')).toBe('open');
    expect(opens(OFFICE, '2026-07-03T14:59:59Z')).toBe('open');
    expect(opens(OFFICE, '2026-07-03T15:00:00Z')).toBe('2026-07-06T07:00:00.000Z');
  });

  it('moves with daylight saving', () => {
    // The clocks go back in the night to Sunday 25 October.
    expect(opens(OFFICE, '2026-10-23T16:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  });

  it('goes past midnight into a day on which it does not begin', () => {
    const night: TimeWindow = { timeZone: 'UTC', days: [5], spans: [{ from: '22:00', to: '04:00' }] };
    expect(opens(night, '2026-07-03T23:00:00Z')).toBe('open');
    expect(opens(night, '2026-07-04T03:59:00Z')).toBe('open');
    expect(opens(night, '2026-07-04T04:00:00Z')).toBe('2026-07-10T22:00:00.000Z');
    expect(opens(night, '2026-07-03T03:00:00Z')).toBe('2026-07-03T22:00:00.000Z');
  });

  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const windows: fc.Arbitrary<TimeWindow> = fc.record(
    {
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Seoul', 'America/St_Johns', 'Asia/Kathmandu'),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      spans: fc.array(fc.record({ from: time, to: time }), { minLength: 1, maxLength: 3 }),
      jitterSeconds: fc.integer({ min: 0, max: 3_600 }),
    },
    { requiredKeys: ['timeZone', 'spans'] },
  );
  const moments = fc.date({
    min: at('2026-01-01T00:00:00Z'),
    max: at('2027-01-01T00:00:00Z'),
    noInvalidDate: true,
  });

  it('that is closed opens within eight days, the same time for the same stage, and after now', () => {
    fc.assert(
      fc.property(windows, moments, fc.string(), (window, now, seed) => {
        const state = windowState(window, now, seed);
        if (state.open) return;
        expect(state).toEqual(windowState(window, now, seed));
        const wait = state.opensAt.getTime() - now.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(8 * 24 * 3_600_000 + 2 * 3_600_000);
      }),
    );
  });

  it('is open at the moment it names, apart from the hour a clock change leaves out', () => {
    fc.assert(
      fc.property(windows, moments, fc.string(), (window, now, seed) => {
        const utc = { ...window, timeZone: 'UTC' };
        const state = windowState(utc, now, seed);
        if (!state.open) expect(windowState(utc, state.opensAt, seed).open).toBe(true);
      }),
    );
  });
});
