import { describe, expect, it } from 'vitest';
import { endedOn, perDay } from '@/components/activity/trend.view';

const day = (succeeded: number, failed: number, withdrawn: number) => ({
  day: '2026-11-21',
  succeeded,
  failed,
  withdrawn,
});
const totals = { failureShare: null, medianSeconds: null, rollbacks: 0 };

describe('the delivery trend', () => {
  it('counts every kind of ending', () => {
    expect(endedOn(day(3, 2, 1))).toBe(6);
  });

  it('averages over all days, quiet ones included', () => {
    expect(perDay({ ...totals, days: [day(3, 1, 0), day(0, 0, 0)] })).toBe(2);
    expect(perDay({ ...totals, days: [] })).toBe(0);
  });
});
