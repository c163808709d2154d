import { describe, expect, it } from 'vitest';
import {
  controlsOf,
  countByStatus,
  entriesOf,
  hasDelivered,
  isOpenGate,
  nextDeadline,
  openGate,
  secondsLeft,
  spanOf,
  stageActs,
} from '@/components/executions/execution.view';
import type { StageView } from '@/server/domain/views/execution';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');

function gate(over: Partial<StageView> = {}): StageView {
  return {
    refId: 'approve',
    parentRefId: null,
    type: 'manualJudgment',
    name: { key: 'literal', values: { text: 'Approve' } },
    status: 'running',
    requires: [],
    startedAt: null,
    endedAt: null,
    waiting: null,
    error: null,
    try: 1,
    onFailure: 'haltPipeline',
    skipRequestedBy: null,
    skippable: false,
    ...over,
  };
}

describe('a countdown', () => {
  it('rounds up, so that it does not show zero before the time has come', () => {
    expect(secondsLeft('2026-01-01T00:00:01.200Z', NOW)).toBe(2);
  });

  it('stops at zero and is absent where nothing ends by itself', () => {
    expect(secondsLeft('2025-12-31T23:59:00.000Z', NOW)).toBe(0);
    expect(secondsLeft(null, NOW)).toBeNull();
  });

  it('counts to the earliest end among several waits', () => {
    expect(
      nextDeadline([{ until: null }, { until: '2026-01-02T00:00:00Z' }, { until: '2026-01-01T01:00:00Z' }]),
    ).toBe('2026-01-01T01:00:00Z');
    expect(nextDeadline([{ until: null }])).toBeNull();
  });
});

describe('an open gate', () => {
  it('is a judgment that still runs', () => {
    expect(
      openGate({ status: 'running', stages: [gate({ status: 'succeeded' }), gate({ refId: 'b' })] })?.refId,
    ).toBe('b');
    expect(isOpenGate(gate({ type: 'wait' }))).toBe(false);
  });

  it('is none once the execution is complete', () => {
    expect(openGate({ status: 'canceled', stages: [gate()] })).toBeNull();
  });
});

describe('the buttons of an execution', () => {
  it('offer resume in the place of pause while it is held', () => {
    expect(controlsOf({ status: 'running', cancelRequestedBy: null }, true).map((c) => c.action)).toEqual([
      'pause',
      'cancel',
    ]);
    expect(controlsOf({ status: 'paused', cancelRequestedBy: null }, true).map((c) => c.action)).toEqual([
      'resume',
      'cancel',
    ]);
  });

  it('stay in place and say why they cannot be used', () => {
    expect(controlsOf({ status: 'succeeded', cancelRequestedBy: null }, true)[1]).toEqual({
      action: 'cancel',
      enabled: false,
      why: 'complete',
    });
    expect(controlsOf({ status: 'running', cancelRequestedBy: 'kim' }, true)[1]?.why).toBe('canceling');
    expect(controlsOf({ status: 'running', cancelRequestedBy: null }, false)[1]?.why).toBe('notAllowed');
  });
});

describe('small readings', () => {
  it('a span is absent before the start and open while running', () => {
    expect(spanOf({ startedAt: null, endedAt: null })).toBeNull();
    expect(spanOf({ startedAt: 'x', endedAt: null })).toEqual({ from: 'x', to: null });
  });

  it('counts stages by status', () => {
    expect(countByStatus([gate(), gate(), gate({ status: 'failed' })])).toEqual(
      new Map([
        ['running', 2],
        ['failed', 1],
      ]),
    );
  });

  it('shows nested values as JSON and text as it is', () => {
    expect(entriesOf({ a: 'x', b: { c: 1 } })).toEqual([
      { key: 'a', text: 'x' },
      { key: 'b', text: '{\n  "c": 1\n}' },
    ]);
  });
});

describe('what may be done about a stage', () => {
  const running = { status: 'running', cancelRequestedBy: null } as const;
  const waiting: StageView['waiting'] = {
    kind: 'time',
    reason: { key: 'engine.wait.window', values: {} },
    until: null,
    who: [],
  };

  it('is to start it now while it waits for its window, and to skip it', () => {
    const stage = gate({ status: 'pending', waiting, skippable: true });
    expect(stageActs(running, stage)).toEqual(['startNow', 'skip']);
    expect(stageActs({ ...running, cancelRequestedBy: 'Ada' }, stage)).toEqual([]);
  });

  it('is to restart what ended, also after the execution did, but no step of a rollout', () => {
    const failed = gate({ status: 'failed' });
    expect(stageActs(running, failed)).toEqual(['restart']);
    expect(stageActs({ ...running, status: 'failed' }, failed)).toEqual(['restart']);
    expect(stageActs({ ...running, status: 'failed', cancelRequestedBy: 'Ada' }, failed)).toEqual([
      'restart',
    ]);
    expect(stageActs(running, gate({ status: 'failed', parentRefId: 'deploy' }))).toEqual([]);
  });
});

describe('what can be taken back', () => {
  const trigger = { kind: 'manual', by: 'Ada', userId: null, note: '' } as const;
  const deploy = gate({ type: 'deploy', startedAt: '2026-01-01T00:00:00.000Z' });

  it('is what a deploy that has begun delivers, or a pipeline that was started', () => {
    expect(hasDelivered({ trigger, stages: [gate(), deploy] })).toBe(true);
    expect(hasDelivered({ trigger, stages: [{ ...deploy, type: 'pipeline' }] })).toBe(true);
    expect(hasDelivered({ trigger, stages: [gate(), { ...deploy, startedAt: null }] })).toBe(false);
  });

  it('is not a rollback', () => {
    expect(hasDelivered({ trigger: { ...trigger, kind: 'rollback' }, stages: [deploy] })).toBe(false);
  });
});
