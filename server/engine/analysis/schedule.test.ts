import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnalysisOptions, analysisOptionsSchema } from '@/server/domain/analysis';
import { courseAfter, liveSchedule, pastSchedule } from '@/server/engine/analysis/schedule';

const options = (changes: Partial<AnalysisOptions> = {}): AnalysisOptions =>
  analysisOptionsSchema.parse({
    config: 'golden signals',
    warmupSeconds: 60,
    intervalSeconds: 300,
    lifetimeSeconds: 1_800,
    stepSeconds: 60,
    ...changes,
  });
const START = Date.UTC(2026, 10, 21, 8);
/** The clock of a stage that started at START and was held for so long. */
const at = (seconds: number, heldSeconds = 0) => ({
  nowMs: START + (seconds + heldSeconds) * 1_000,
  activeMs: seconds * 1_000,
});
const seconds = (window: { startMs: number; endMs: number } | null) =>
  window && [(window.startMs - START) / 1_000, (window.endMs - START) / 1_000];

describe('an analysis of what is running', () => {
  it('looks after the warm-up, every interval, for its lifetime', () => {
    const schedule = liveSchedule(options(), 0);
    expect(schedule.planned).toBe(6);
    expect(schedule.plannedPoints).toBe(30);
    expect([1, 2, 6].map((number) => schedule.dueMs(number) / 1_000)).toEqual([360, 660, 1_860]);
    expect(seconds(schedule.window(1, at(360)))).toEqual([60, 360]);
    expect(seconds(schedule.window(2, at(660)))).toEqual([60, 660]);
  });

  it('looks at the last of it where it looks back only so far', () => {
    const schedule = liveSchedule(options({ lookbackSeconds: 300 }), 0);
    expect(seconds(schedule.window(1, at(360)))).toEqual([60, 360]);
    expect(seconds(schedule.window(3, at(960)))).toEqual([660, 960]);
  });

  it('waits for points that come late, and does not see those that are not there yet', () => {
    const schedule = liveSchedule(options(), 120);
    expect(schedule.dueMs(1) / 1_000).toBe(480);
    expect(seconds(schedule.window(1, at(480)))).toEqual([60, 360]);
  });

  it('follows the clock when it was held during the warm-up', () => {
    const schedule = liveSchedule(options(), 0);
    expect(seconds(schedule.window(1, at(360, 3_600)))).toEqual([3_660, 3_960]);
  });

  it('has no window as long as no point is in it', () => {
    expect(liveSchedule(options(), 0).window(1, at(100))).toBeNull();
  });

  it('is always on the grid of its step, with a point or more, within the time it may see', () => {
    const any = fc.record({
      warmupSeconds: fc.nat(600),
      intervalSeconds: fc.integer({ min: 5, max: 900 }),
      lookbackSeconds: fc.constantFrom(0, 60, 600),
      stepSeconds: fc.constantFrom(1, 7, 10, 60),
      held: fc.nat(5_000),
      at: fc.nat(20_000),
      shift: fc.nat(59_999),
    });
    fc.assert(
      fc.property(any, ({ held, at: after, shift, ...given }) => {
        const clock = { nowMs: START + shift + (after + held) * 1_000, activeMs: after * 1_000 };
        const window = liveSchedule(options(given), 0).window(1, clock);
        fc.pre(window !== null);
        const { startMs, endMs, stepMs } = window;
        expect([startMs % stepMs, endMs % stepMs]).toEqual([0, 0]);
        expect(endMs).toBeGreaterThan(startMs);
        expect(endMs).toBeLessThanOrEqual(clock.nowMs);
        expect(startMs).toBeGreaterThanOrEqual(clock.nowMs - clock.activeMs + given.warmupSeconds * 1_000);
      }),
    );
  });
});

describe('an analysis of what has been', () => {
  const end = START + 3_700_000;

  it('looks at once, and gives the last look what the intervals leave over', () => {
    const schedule = pastSchedule(options({ intervalSeconds: 1_800 }), START, end);
    expect([schedule.planned, schedule.most, schedule.dueMs(2)]).toEqual([2, 2, 0]);
    expect(seconds(schedule.window(1, at(0)))).toEqual([0, 1_800]);
    expect(seconds(schedule.window(2, at(0)))).toEqual([0, 3_660]);
  });

  it('looks once at a window that is shorter than an interval', () => {
    expect(pastSchedule(options(), START, START + 120_000).planned).toBe(1);
  });
});

describe('what follows from a look', () => {
  const schedule = liveSchedule(options({ extendSeconds: 600 }), 0);

  it.each([
    [1, 'fail', 'failed'],
    [1, 'pass', 'measureOn'],
    [1, 'continue', 'measureOn'],
    [1, 'askPerson', 'measureOn'],
    [6, 'pass', 'passed'],
    [6, 'continue', 'failed'],
    [6, 'askPerson', 'askPerson'],
    [6, 'extend', 'measureOn'],
    [7, 'pass', 'passed'],
    [8, 'extend', 'askPerson'],
  ] as const)('look %i that says %s: %s', (number, action, course) => {
    expect(courseAfter(number, action, schedule)).toBe(course);
  });
});
