import { describe, expect, it } from 'vitest';
import { holdOf, rampSteps, rampWords, readRamp, stepTimes } from '@/components/features/ramp.view';
import type { RampView } from '@/server/domain/views/toggles';

describe('a ramp', () => {
  it('rises in equal steps up to its end', () => {
    expect(rampSteps(0, 50, 4)).toEqual([12.5, 25, 37.5, 50]);
    expect(rampSteps(10, 100, 3)).toEqual([40, 70, 100]);
  });
  it('has no step twice, and none when there is nowhere to rise', () => {
    expect(rampSteps(0, 0.2, 5)).toEqual([0.1, 0.2]);
    expect(rampSteps(50, 50, 4)).toEqual([]);
  });
  it('lasts as long as was asked, though no step is over before it began', () => {
    expect(holdOf(120, [12.5, 25, 37.5, 50])).toBe(1_800);
    expect(holdOf(120, [50, 100])).toBe(7_200);
    expect(holdOf(0, [50])).toBe(5);
  });
});

describe('the form of a ramp', () => {
  const typed = { to: '50', count: '4', minutes: '120' };
  it('becomes a plan with the time of every step', () => {
    const { plan, wrong } = readRamp(typed, 0);
    expect(wrong).toEqual([]);
    expect(plan).toEqual({ percentages: [12.5, 25, 37.5, 50], holdSeconds: 1_800, minutes: 120 });
    expect(plan && stepTimes(plan, 1_000).map(({ at }) => at)).toEqual([
      1_000, 1_801_000, 3_601_000, 5_401_000,
    ]);
  });
  it.each([
    ['to', '150'],
    ['to', ''],
    ['to', '0'],
    ['count', '0'],
    ['count', '2.5'],
    ['minutes', ''],
    ['minutes', 'soon'],
  ])('has no plan, and says which number is none, for %s “%s”', (field, text) => {
    expect(readRamp({ ...typed, [field]: text }, 0)).toEqual({ wrong: [field], plan: null });
  });
});

describe('a ramp that runs', () => {
  const ramp: RampView = {
    executionId: 'an id',
    by: 'Olivia',
    variant: 'on',
    step: 1,
    steps: 4,
    percent: 12.5,
    next: { percent: 25, at: '2026-11-21T14:05:00.000Z' },
    guard: null,
    asks: null,
    isStopping: false,
  };
  it.each<[string, Partial<RampView>, ReturnType<typeof rampWords>]>([
    ['goes on by the clock', {}, { now: 'at', after: 'nextAt' }],
    [
      'goes on when something else is over',
      { next: { percent: 25, at: null } },
      { now: 'at', after: 'next' },
    ],
    ['takes no step any more', { next: null }, { now: 'at', after: 'last' }],
    [
      'waits for a yes to begin',
      { step: 0, percent: null, asks: 'review' },
      { now: 'before', after: 'review' },
    ],
    ['asks what the metrics cannot tell', { asks: 'unclear' }, { now: 'at', after: 'unclear' }],
    ['is being stopped', { isStopping: true }, { now: 'stopping', after: null }],
  ])('says when it %s', (_name, part, said) => {
    expect(rampWords({ ...ramp, ...part })).toEqual(said);
  });
});
