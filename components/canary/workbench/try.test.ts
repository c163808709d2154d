import { describe, expect, it } from 'vitest';
import {
  localMoment,
  outlookOf,
  percentOf,
  usualStep,
  windowBack,
  windowBetween,
} from '@/components/canary/workbench/try.view';
import type { MetricAssessment } from '@/server/domain/canary';

const NOW = Date.parse('2026-11-21T10:00:07Z');

describe('the window that is tried', () => {
  it('stands on the grid of its step and ends where the last point is over', () => {
    expect(windowBack(900_000, NOW, 15_000)).toEqual({
      startMs: Date.parse('2026-11-21T09:45:00Z'),
      endMs: Date.parse('2026-11-21T10:00:00Z'),
      stepMs: 15_000,
    });
    const shortest = windowBack(1_000, NOW, 60_000);
    expect(shortest.endMs - shortest.startMs).toBe(60_000);
  });

  it('has enough points at its usual step, and no more than are needed', () => {
    expect([300_000, 900_000, 3_600_000, 21_600_000].map(usualStep)).toEqual([5, 15, 60, 300]);
    expect(usualStep(500)).toBe(1);
  });

  it('of two typed moments is told from none at all', () => {
    const at = (ms: number) => localMoment(ms);
    const start = Date.parse('2026-11-21T08:00:00Z');
    expect(windowBetween(at(start), at(start + 600_000), NOW, 60_000)).toEqual({
      startMs: start,
      endMs: start + 600_000,
      stepMs: 60_000,
    });
    expect(windowBetween('', at(start), NOW, 60_000)).toBe('unreadable');
    expect(windowBetween(at(start), at(start), NOW, 60_000)).toBe('empty');
    expect(windowBetween(at(start), at(NOW + 3_600_000), NOW, 60_000)).toBe('future');
  });
});

describe('what a sample can tell', () => {
  const count = (used: number, expected = used) => ({ expected, used, countedAsZero: 0, effective: used });
  const assessment = (more: Partial<MetricAssessment>): MetricAssessment => ({
    verdict: 'pass',
    kind: 'latency',
    policy: null,
    change: { estimate: 0, lower: null, upper: null, confidence: 0.98 },
    limit: { increase: 0.1, decrease: null },
    superiority: null,
    smallestDetectable: 0.24,
    pointsNeeded: 152,
    experiment: count(60),
    control: count(60),
    lowConfidence: false,
    ...more,
  });

  it('is too little when more points are needed, and says for how long to measure', () => {
    expect(outlookOf(assessment({}), 15_000)).toEqual({
      state: 'short',
      detectable: 0.24,
      limit: 0.1,
      neededMs: 38 * 60_000,
    });
  });

  it('counts gaps as gaps that will stay', () => {
    const gaps = assessment({ experiment: count(30, 60) });
    expect(outlookOf(gaps, 15_000).neededMs).toBe(76 * 60_000);
  });

  it('is enough when no more points are needed', () => {
    expect(outlookOf(assessment({ pointsNeeded: 40 }), 15_000).state).toBe('enough');
  });

  it('is unknown when nothing could be told, and endless without points', () => {
    const nothing = assessment({ smallestDetectable: null, pointsNeeded: null });
    expect(outlookOf({ ...nothing, verdict: 'inconclusive' }, 15_000).state).toBe('unknown');
    expect(outlookOf(assessment({ control: count(0, 60) }), 15_000).neededMs).toBeNull();
  });

  it('need not be larger where it has told already', () => {
    expect(outlookOf(assessment({ verdict: 'fail' }), 15_000).state).toBe('decided');
    const harmless = { estimate: 1.2, lower: 0.1, upper: 2.2, confidence: 0.98 };
    expect(outlookOf(assessment({ change: harmless }), 15_000).state).toBe('decided');
    const same = assessment({ smallestDetectable: null, pointsNeeded: null });
    expect(outlookOf(same, 15_000).state).toBe('decided');
  });

  it('is said in percentages that are worth reading', () => {
    expect([0.2432, -0.5, 0.0123, 2].map(percentOf)).toEqual([24, 50, 1.2, 200]);
  });
});
