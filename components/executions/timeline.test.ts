import { describe, expect, it } from 'vitest';
import { type TimedStage, timelineOf } from '@/components/executions/timeline.view';
import { buildTree } from '@/components/graph/stage-tree.view';

const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

function stage(
  refId: string,
  from: number | null,
  to: number | null,
  over: Partial<TimedStage> = {},
): TimedStage {
  return {
    refId,
    parentRefId: null,
    requires: [],
    status: to === null ? 'running' : 'succeeded',
    startedAt: from === null ? null : at(from),
    endedAt: to === null ? null : at(to),
    waiting: null,
    ...over,
  };
}

describe('the timeline of an execution', () => {
  it('gives each stage its share of the whole time', () => {
    const { bars, milliseconds } = timelineOf(buildTree([stage('a', 0, 30), stage('b', 30, 40)]), T0);
    expect(milliseconds).toBe(40_000);
    expect(bars.map((b) => [b.left, b.width])).toEqual([
      [0, 0.75],
      [0.75, 0.25],
    ]);
  });

  it('lets a running stage grow until now and leaves out what has not begun', () => {
    const { bars } = timelineOf(
      buildTree([stage('a', 0, 10), stage('b', 10, null), stage('c', null, null)]),
      T0 + 20_000,
    );
    expect(bars.map((b) => b.stage.refId)).toEqual(['a', 'b']);
    expect(bars[1]).toMatchObject({ running: true, milliseconds: 10_000, width: 0.5 });
  });

  it('marks the time that a person took', () => {
    const { bars } = timelineOf(
      buildTree([stage('gate', 0, null, { waiting: { kind: 'person' } })]),
      T0 + 1000,
    );
    expect(bars[0]?.forPerson).toBe(true);
  });

  it('never draws a bar outside of the strip, however short it is', () => {
    const { bars } = timelineOf(buildTree([stage('a', 0, 10_000), stage('b', 10_000, 10_000)]), T0);
    const last = bars[1];
    expect(last && last.width > 0 && last.left + last.width <= 1).toBe(true);
  });

  it('keeps the longest in their order when there are too many, and counts the rest', () => {
    const stages = Array.from({ length: 50 }, (_, i) => stage(`s${i}`, i * 10, i * 10 + (i % 10)));
    const { bars, hidden } = timelineOf(buildTree(stages), T0, 5);
    expect(bars.map((b) => b.stage.refId)).toEqual(['s9', 's19', 's29', 's39', 's49']);
    expect(hidden).toBe(45);
  });

  it('is empty before anything started', () => {
    expect(timelineOf(buildTree([stage('a', null, null)]), T0)).toEqual({
      bars: [],
      milliseconds: 0,
      hidden: 0,
    });
  });

  it('does not show negative time when the clocks of server and browser differ', () => {
    const { bars, milliseconds } = timelineOf(buildTree([stage('a', 10, null)]), T0);
    expect(milliseconds).toBe(0);
    expect(bars[0]?.milliseconds).toBe(0);
  });
});
