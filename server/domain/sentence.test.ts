import { describe, expect, it } from 'vitest';
import { message } from '@/server/domain/message';
import {
  decidingEnding,
  executionSentence,
  type SentenceStage,
  type SentenceSubject,
  stageDoings,
  stageEndings,
} from '@/server/domain/sentence';
import { STATUSES } from '@/server/domain/status';

const UNTIL = '2026-03-01T12:00:00.000Z';

function stage(refId: string, more: Partial<SentenceStage> = {}): SentenceStage {
  const name = message('literal', { text: `Stage ${refId}` });
  return {
    refId,
    parentRefId: null,
    type: 'deploy',
    name,
    status: 'running',
    waiting: null,
    error: null,
    ...more,
  };
}

function waiting(
  kind: NonNullable<SentenceStage['waiting']>['kind'],
  until: string | null,
  who: string[] = [],
) {
  return { kind, reason: message('any'), until, who };
}

function sentence(more: Partial<SentenceSubject>) {
  return executionSentence({
    status: 'running',
    environment: 'prod',
    artifact: 'catalog',
    version: '1.1.0',
    cancelRequestedBy: null,
    stages: [],
    ...more,
  });
}

describe('the sentence on top of an execution', () => {
  it('says for whom it waits and until when, before anything else it does', () => {
    const gate = stage('gate', { waiting: waiting('person', UNTIL, ['releaseManager', 'admin']) });
    expect(sentence({ stages: [stage('other', { waiting: waiting('time', UNTIL) }), gate] })).toEqual(
      message('execution.waitingPersonUntil', {
        stage: 'Stage gate',
        who: 'releaseManager',
        until: Date.parse(UNTIL),
      }),
    );
  });

  it('names the only judge there is, and anyone when the gate names nobody', () => {
    const gate = (who: string[]) =>
      sentence({ stages: [stage('gate', { waiting: waiting('person', null, who) })] }).values.who;
    expect(gate(['admin'])).toBe('admin');
    expect(gate([])).toBe('anyone');
  });

  it('names a stage by its text where its name is told in every language', () => {
    const name = message('ramp.stage.wait', { percent: 25, text: 'Wait at 25 %' });
    expect(
      sentence({ stages: [stage('hold-1', { name, waiting: waiting('time', UNTIL) })] }).values.stage,
    ).toBe('Wait at 25 %');
  });

  it('speaks of the stage that people wrote when a child of it waits', () => {
    const child = stage('deploy.eu.create', {
      parentRefId: 'deploy.eu',
      name: message('stage.createServerGroup'),
      waiting: waiting('platform', UNTIL),
    });
    const stages = [stage('deploy'), stage('deploy.eu', { parentRefId: 'deploy' }), child];
    expect(sentence({ stages })).toEqual(message('execution.waiting.platform', { stage: 'Stage deploy' }));
  });

  it('does not speak of what ended stages waited for', () => {
    const done = stage('gate', { status: 'succeeded', waiting: waiting('person', UNTIL) });
    expect(sentence({ stages: [done, stage('deploy')] })).toEqual(
      message('execution.running', { stage: 'Stage deploy' }),
    );
    expect(sentence({ stages: [done] })).toEqual(message('execution.between'));
  });

  it('says that it is being canceled while it still runs, and by whom it was afterwards', () => {
    expect(sentence({ cancelRequestedBy: 'Kim' })).toEqual(message('execution.canceling', { by: 'Kim' }));
    expect(sentence({ cancelRequestedBy: 'Kim', status: 'canceled' })).toEqual(
      message('execution.canceledBy', { by: 'Kim' }),
    );
    expect(sentence({ cancelRequestedBy: 'Kim', status: 'succeeded' }).key).toBe('execution.succeeded');
  });

  it('names the stage at which it ended badly', () => {
    for (const status of ['failed', 'errored', 'stopped'] as const) {
      const stages = [stage('first', { status: 'succeeded' }), stage('second', { status })];
      expect(sentence({ status, stages })).toEqual(
        message(`execution.${status}At`, { stage: 'Stage second' }),
      );
      expect(sentence({ status })).toEqual(message(`execution.${status}`));
    }
  });

  it('names the stage whose reason is told with it, and all others that went wrong beside it', () => {
    const reason = message('engine.test');
    const stages = [
      stage('lint', { status: 'failed' }),
      stage('aws', { status: 'errored', error: reason }),
      stage('aws.create', { parentRefId: 'aws', status: 'errored' }),
      stage('functions', { status: 'errored' }),
      stage('after', { status: 'skipped' }),
    ];
    const refIds = (status: SentenceSubject['status']) =>
      stageEndings({ status, stages }).map(({ refId }) => refId);
    const told = decidingEnding({ status: 'errored', stages });
    expect(told).toMatchObject({ refId: 'aws', reason, sentence: sentence({ status: 'errored', stages }) });
    expect(refIds('errored')).toEqual(['lint', 'aws', 'functions']);
    // While others go on, and after it was canceled, they are told as well; when it went well in spite of them, not.
    expect(decidingEnding({ status: 'running', stages })).toBeNull();
    expect(refIds('running')).toEqual(['lint', 'aws', 'functions']);
    expect(refIds('canceled')).toEqual(['lint', 'aws', 'functions']);
    expect(refIds('succeeded')).toEqual([]);
  });

  it('is the first of what all its stages do, each with the end of its own wait', () => {
    const stages = [
      stage('build'),
      stage('aws', { waiting: waiting('platform', null) }),
      stage('canary'),
      stage('canary.eu', { parentRefId: 'canary', waiting: waiting('time', UNTIL) }),
      stage('canary.us', { parentRefId: 'canary', waiting: waiting('platform', null) }),
      stage('gate', { waiting: waiting('person', null, ['admin']) }),
      stage('done', { status: 'succeeded', waiting: waiting('person', UNTIL) }),
    ];
    const doings = stageDoings(stages);
    expect(doings.map(({ refId, sentence: { key }, until }) => [refId, key, until])).toEqual([
      ['gate', 'execution.waitingPerson', null],
      ['aws', 'execution.waiting.platform', null],
      ['canary', 'execution.waiting.platform', null],
      ['build', 'execution.running', null],
    ]);
    expect(sentence({ stages })).toEqual(doings[0]?.sentence);
  });

  it('says that a version is there only when a stage has put it there', () => {
    const done = (...stages: SentenceStage[]) => sentence({ status: 'succeeded', stages });
    const deployed = stage('deploy', { status: 'succeeded' });
    expect(done(deployed).key).toBe('execution.delivered');
    expect(done(stage('deploy', { status: 'skipped' }))).toEqual(
      message('execution.succeededWithout', { stages: '“Stage deploy”' }),
    );
    expect(done(stage('deploy', { status: 'failed' }), stage('after', { status: 'succeeded' }))).toEqual(
      message('execution.succeededExcept', { stages: '“Stage deploy”' }),
    );
    expect(done(deployed, stage('check', { type: 'wait', status: 'errored' })).key).toBe(
      'execution.succeededExcept',
    );
    expect(done(stage('a', { type: 'wait', status: 'succeeded' })).key).toBe('execution.succeeded');
    const many = ['a', 'b', 'c', 'd', 'e'].map((refId) => stage(refId, { status: 'failed' }));
    expect(done(...many).values.stages).toBe('“Stage a”, “Stage b”, “Stage c” +2');
  });

  it('names every environment that a version was deployed to, each once', () => {
    const to = (...environments: (string | null)[]) =>
      sentence({
        status: 'succeeded',
        stages: environments.map((environment, i) => stage(`s${i}`, { status: 'succeeded', environment })),
      }).values.environment;
    expect(to('dev', 'aws', 'dev', 'functions')).toBe('dev, aws, functions');
    expect(to(null)).toBe('prod');
    expect(to('a', 'b', 'c', 'd', 'e', 'f', 'g')).toBe('a, b, c, d, e +2');
  });

  it('tells of a stage that waits for its window', () => {
    const late = stage('late', { status: 'pending', waiting: waiting('time', UNTIL) });
    expect(sentence({ stages: [late] }).key).toBe('execution.waitingTimeUntil');
  });

  it('tells which look at a canary comes when', () => {
    const reason = message('engine.canary.nextLook', { number: 2, planned: 3 });
    const look = stage('deploy.look', {
      type: 'canaryAnalysis',
      parentRefId: 'deploy',
      waiting: { kind: 'time', reason, until: UNTIL, who: [] },
    });
    expect(sentence({ stages: [stage('deploy'), look] })).toEqual(
      message('execution.analysing', {
        stage: 'Stage deploy',
        number: 2,
        planned: 3,
        until: Date.parse(UNTIL),
      }),
    );
  });

  it('says of looks beyond what was planned that they are', () => {
    const reason = message('engine.canary.extended', { number: 7, planned: 6 });
    const look = stage('look', {
      type: 'canaryAnalysis',
      waiting: { kind: 'time', reason, until: UNTIL, who: [] },
    });
    expect(sentence({ stages: [look] })).toMatchObject({
      key: 'execution.analysingOn',
      values: { number: 7, planned: 6 },
    });
  });

  it('has a text for every status', async () => {
    const { renderEnglish } = await import('@/server/services/shared/render-english');
    for (const status of STATUSES) {
      const text = renderEnglish(sentence({ status, stages: [stage('x', { status })] }));
      expect(text).toMatch(/^.{8,}\.$/);
    }
  });
});
