import { describe, expect, it } from 'vitest';
import { age, durationParts } from '@/components/ui/time.view';

describe('ages', () => {
  it('are told in the largest whole unit', () => {
    expect(age(59_999)).toEqual({ unit: 'seconds', count: 59 });
    expect(age(60_000)).toEqual({ unit: 'minutes', count: 1 });
    expect(age(3_599_999)).toEqual({ unit: 'minutes', count: 59 });
    expect(age(47.5 * 3_600_000)).toEqual({ unit: 'hours', count: 47 });
    expect(age(48 * 3_600_000)).toEqual({ unit: 'days', count: 2 });
  });
  it('are never negative when the server clock is ahead', () => {
    expect(age(-5_000)).toEqual({ unit: 'seconds', count: 0 });
  });
});

describe('durations', () => {
  it('have at most two units', () => {
    expect(durationParts(83_000, false)).toEqual({
      key: 'minutesSeconds',
      values: { minutes: 1, seconds: 23 },
    });
    expect(durationParts(3_900_000, false)).toEqual({
      key: 'hoursMinutes',
      values: { hours: 1, minutes: 5 },
    });
    expect(durationParts(90_000_000, false)).toEqual({ key: 'daysHours', values: { days: 1, hours: 1 } });
  });
  it('show milliseconds only when they are exact', () => {
    expect(durationParts(412, true)).toEqual({ key: 'millis', values: { count: 412 } });
    expect(durationParts(412, false)).toEqual({ key: 'seconds', values: { count: 0 } });
  });
});
