import { describe, expect, it } from 'vitest';
import {
  bannerOf,
  controlsOf,
  countByStatus,
  entriesOf,
  hasDelivered,
  isOpenGate,
  openGate,
  secondsLeft,
  spanOf,
  stageActs,
} from '@/components/executions/execution.view';
import type { Waiting } from '@/server/domain/execution';
import type { ExecutionView, StageView } from '@/server/domain/views/execution';

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

const EXECUTION: ExecutionView = {
  id: 'e1',
  application: 'catalog',
  pipeline: 'release',
  status: 'running',
  environment: null,
  artifact: null,
  version: null,
  trigger: { kind: 'manual', by: 'Ada', userId: null, note: null },
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  waitingForPerson: false,
  ramp: null,
  pipelineRevision: 1,
  digest: null,
  parameters: {},
  error: null,
  cancelRequestedBy: null,
  sentence: { key: 'execution.between', values: {} },
  stages: [],
  waitingFor: [],
  tries: [],
  rerunOf: null,
};

describe('a countdown', () => {
  it('rounds up, so that it does not show zero before the time has come', () => {
    expect(secondsLeft('2026-01-01T00:00:01.200Z', NOW)).toBe(2);
  });

  it('stops at zero and is absent where nothing ends by itself', () => {
    expect(secondsLeft('2025-12-31T23:59:00.000Z', NOW)).toBe(0);
    expect(secondsLeft(null, NOW)).toBeNull();
  });
});

describe('what stands with the sentence on top', () => {
  const UNTIL = '2026-01-02T00:00:00Z';
  const named = (refId: string, over: Partial<StageView>) =>
    gate({ refId, type: 'deploy', name: { key: 'literal', values: { text: refId } }, ...over });
  const wait = (kind: Waiting['kind'], until: string | null): Waiting => ({
    kind,
    reason: { key: 'any', values: {} },
    until,
    who: [],
  });
  const reason = (refId: string) => ({ key: 'engine.test', values: { refId } });
  const banner = (status: ExecutionView['status'], stages: StageView[], over: Partial<ExecutionView> = {}) =>
    bannerOf({ ...EXECUTION, status, stages, ...over });

  it('is the end of the wait it tells of, not of another, and what the others wait for', () => {
    const stages = [
      named('aws', { waiting: wait('platform', '2026-01-01T01:00:00Z') }),
      named('gate', { waiting: wait('person', UNTIL) }),
    ];
    const { until, asides } = banner('running', stages);
    expect(until).toBe(UNTIL);
    expect(asides).toMatchObject([{ refId: 'aws', sentence: { key: 'execution.waiting.platform' } }]);
    expect(banner('running', stages, { cancelRequestedBy: 'Kim' })).toMatchObject({
      until: null,
      asides: [],
    });
    const place = { ...wait('platform', UNTIL), refId: null };
    expect(banner('pending', [], { waitingFor: [place] }).until).toBe(UNTIL);
  });

  it('gives every stage that went wrong its own reason', () => {
    const stages = [
      named('aws', { status: 'errored', error: reason('aws') }),
      named('functions', { status: 'errored', error: reason('functions') }),
    ];
    expect(banner('errored', stages, { error: reason('aws') })).toMatchObject({
      reason: reason('aws'),
      asides: [{ refId: 'functions', reason: reason('functions') }],
    });
    // Nothing of theirs stands below what is told of the execution as a whole.
    expect(banner('canceled', stages, { error: reason('functions') })).toMatchObject({
      reason: null,
      asides: [{ refId: 'aws' }, { refId: 'functions' }],
    });
  });

  it('tells of what broke while others still go on', () => {
    const stages = [named('aws', { status: 'errored', error: reason('aws') }), named('functions', {})];
    expect(banner('running', stages, { error: reason('aws') })).toMatchObject({
      reason: null,
      asides: [{ refId: 'aws', reason: reason('aws') }],
    });
  });

  it('is the reason of an execution of which no stage went wrong', () => {
    expect(banner('errored', [], { error: reason('all') }).reason).toEqual(reason('all'));
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
