import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { stageTypes } from '@/server/engine/stages/registry';
import { pipelineIssues } from '@/server/services/pipelines/validate';

const known = {
  application: 'shop',
  environments: ['prod'],
  pipelines: ['test'],
  endpoints: ['chat'],
  sources: ['github'],
  canaryConfigs: ['golden'],
  metricsSources: ['local'],
  toggles: {
    badge: ['on', 'off'],
    ...Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}`, ['a']])),
  },
  toggleEnvironments: ['prod'],
};
const stage = (refId: string, type: string, config: object = {}, more: object = {}) => ({
  refId,
  type,
  name: refId,
  config,
  ...more,
});
const issues = (stages: object[], more: object = {}) =>
  pipelineIssues(pipelineDefinitionSchema.parse({ name: 'test', stages, ...more }), known);

describe('what is wrong with a pipeline', () => {
  it('is nothing when expressions stand where values will be', () => {
    const parameters = [{ name: 'delay', type: 'number', default: 3 }];
    const stages = [
      stage('a', 'wait', { seconds: '${parameters.delay}' }, { when: 'parameters.delay > 0' }),
      stage('b', 'wait', { seconds: '${toInt(stages.a.outputs.x)}' }, { requires: ['a'] }),
    ];
    expect(issues(stages, { parameters })).toEqual([]);
  });

  it('is told at the field: how an expression is written and what it names', () => {
    const stages = [
      stage('a', 'wait', { seconds: '${parameters.dela}' }),
      stage('b', 'wait', { seconds: '${1 +}' }),
      stage('c', 'wait', { seconds: '${stages.d.outputs.x}' }, { requires: ['a'] }),
      stage('d', 'wait', { seconds: 1 }, { when: 'stages.nowhere.status == "succeeded"' }),
    ];
    expect(issues(stages)).toEqual([
      { path: 'stages.0.config', message: 'there is no parameter "dela"; there are none' },
      { path: 'stages.1.config.seconds', message: expect.stringContaining('at character 4') },
      {
        path: 'stages.2.config',
        message: 'stage "d" does not come before "c", so its results are not known by then',
      },
      { path: 'stages.3.when', message: 'there is no stage "nowhere"' },
    ]);
  });

  it('is a toggle, an environment of toggles or a variant that does not exist, unless an expression will say it', () => {
    const set = { toggle: 'badge', toggleEnvironment: 'prod', set: 'percentage', variant: 'on', percent: 5 };
    expect(
      issues(
        [
          stage('a', 'toggle', set),
          stage('b', 'toggle', { ...set, toggle: '${parameters.key}', variant: 'blue' }),
          stage('c', 'toggle', { ...set, toggle: 'bagde' }),
          stage('d', 'toggle', { ...set, toggleEnvironment: 'moon', against: 'blue' }),
        ],
        { parameters: [{ name: 'key' }] },
      ),
    ).toEqual([
      {
        path: 'stages.2.config.toggle',
        message: expect.stringMatching(/^there is no toggle "bagde"; there are badge, t0, .* and others$/),
      },
      {
        path: 'stages.3.config.toggleEnvironment',
        message: 'there is no environment of toggles "moon"; there are prod',
      },
      { path: 'stages.3.config.against', message: 'there is no variant "blue"; there are on, off' },
    ]);
  });

  it('is what does not exist, wherever a type says that a field names something', () => {
    const stages = [
      stage('deploy', 'deploy', { environment: 'mars', strategy: 'redblack' }),
      stage('check', 'checkPreconditions', {
        preconditions: [{ type: 'stageStatus', stage: 'gone', status: 'succeeded' }],
      }),
    ];
    expect(issues(stages)).toEqual([
      { path: 'stages.0.config.environment', message: 'there is no environment "mars"; there are prod' },
      {
        path: 'stages.1.config.preconditions.0.stage',
        message: 'there is no stage "gone"; there are deploy, check',
      },
    ]);
  });

  it('is a pipeline that a strategy names and that is not there', () => {
    const roll = (validate: string) =>
      issues([
        stage('a', 'deploy', { environment: 'prod', strategy: 'rollingredblack', options: { validate } }),
      ]);
    expect(roll('test')).toEqual([]);
    expect(roll('gone')).toEqual([
      {
        path: 'stages.0.config.options.validate',
        message: 'there is no pipeline "gone"; there are test',
      },
    ]);
  });

  it('is a region that stands twice, in every stage that takes regions', () => {
    const types = Object.values(stageTypes).filter(({ authorable, configSchema }) => {
      const { properties } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
      return authorable && properties !== undefined && 'regions' in properties;
    });
    expect(types.length).toBeGreaterThanOrEqual(9);
    for (const { type } of types) {
      expect(issues([stage('a', type, { environment: 'prod', regions: ['eu', 'eu'] })])).toContainEqual({
        path: 'stages.0.config.regions',
        message: 'name each region only once',
      });
    }
  });

  it('is a judgment that would wait for more than thirty days', () => {
    const judge = (expiresAfterSeconds: number) =>
      issues([stage('a', 'manualJudgment', { expiresAfterSeconds })]).map(({ path }) => path);
    expect(judge(2_592_000)).toEqual([]);
    expect(judge(2_592_001)).toEqual(['stages.0.config.expiresAfterSeconds']);
  });

  it('is a stage that is called like a part of another one', () => {
    const wait = (refId: string) => stage(refId, 'wait', { seconds: 1 });
    expect(issues([wait('a'), wait('ab.c'), wait('b.a'), wait('a-b')])).toEqual([]);
    expect(issues([wait('d'), wait('d.eu-0-upsertLoadBalancer')])).toEqual([
      {
        path: 'stages.1.refId',
        message:
          '"d.eu-0-upsertLoadBalancer" begins with "d.", as the parts of the stage "d" do; choose another',
      },
    ]);
  });

  it('is a default that its own parameter refuses, and a name used twice', () => {
    const parameters = [
      { name: 'n', type: 'number', default: 'many' },
      { name: 'n', options: ['a'], default: 'b' },
    ];
    expect(issues([stage('a', 'wait', { seconds: 1 })], { parameters }).map(({ path }) => path)).toEqual([
      'parameters',
      'parameters.0.default',
      'parameters.1.default',
    ]);
  });

  it('is a value of the wrong type beside an expression that is right', () => {
    const config = { environment: '${parameters.where}', strategy: 'redblack', regionOrder: 'sideways' };
    const parameters = [{ name: 'where' }];
    expect(issues([stage('a', 'deploy', config)], { parameters }).map(({ path }) => path)).toEqual([
      'stages.0.config.regionOrder',
    ]);
  });
});

describe('a field that there is not', () => {
  const pause = { refId: 'a', type: 'wait', name: 'a', config: { seconds: 1 } };
  const misspelt: readonly (readonly [string, object, string])[] = [
    ['a pipeline', { stages: [pause], descripton: 'x' }, ''],
    ['a stage', { stages: [{ ...pause, onfailure: 'ignore' }] }, 'stages.0'],
    [
      'a window',
      {
        stages: [
          { ...pause, window: { timeZone: 'UTC', spans: [{ from: '09:00', to: '10:00', until: '11:00' }] } },
        ],
      },
      'stages.0.window.spans.0',
    ],
    ['a parameter', { stages: [pause], parameters: [{ name: 'n', kind: 'number' }] }, 'parameters.0'],
    ['a trigger', { stages: [pause], triggers: [{ id: 't', type: 'cron', enable: false }] }, 'triggers.0'],
    ['a rule', { stages: [pause], concurrency: { limit: 1, waiting: 'fifo', max: 2 } }, 'concurrency'],
  ];
  it.each(misspelt)('is told with its place: %s', (_name, definition, path) => {
    const read = pipelineDefinitionSchema.safeParse({ name: 'test', ...definition });
    expect(read.error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringMatching(/^there is no field ".+" here$/)],
    ]);
  });

  it('is told in configurations, at any depth, in unions and in the options of a strategy', () => {
    const stages = [
      stage('a', 'wait', { seconds: 1, secnds: 2 }),
      stage('b', 'webhook', {
        url: 'https://x.test',
        completion: { statusPath: 'a', evry: 1 },
        headers: { any: 'x' },
      }),
      stage('c', 'checkPreconditions', {
        preconditions: [{ type: 'stageStatus', stage: 'a', status: 'succeeded', statuss: 'x' }],
      }),
      stage('d', 'deploy', { environment: 'prod', strategy: 'redblack', options: { keeep: 1 } }),
      stage('f', 'deploy', {
        environment: 'prod',
        strategy: 'canary',
        options: { steps: [{ weight: 10, pausee: 1 }] },
      }),
      stage('e', 'webhook', { url: 'https://x.test', payload: { whatever: { one: 'wants' } } }),
    ];
    const triggers = [{ id: 't', type: 'cron', config: { expression: '0 9 * * *', timezone: 'UTC' } }];
    expect(issues(stages, { triggers }).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'stages.0.config: there is no field "secnds" here',
      'stages.1.config.completion: there is no field "evry" here',
      'stages.2.config.preconditions.0: there is no field "statuss" here',
      'stages.3.config.options: Unrecognized key: "keeep"',
      'stages.4.config.options.steps.0: there is no field "pausee" here',
      'triggers.0.config: there is no field "timezone" here',
    ]);
  });
});

describe('what could never work', () => {
  const pause = stage('a', 'wait', { seconds: 1 });

  it('is a schedule of a day that there is not, and not one that is rare', () => {
    const at = (expression: string) => [{ id: 't', type: 'cron', config: { expression } }];
    expect(issues([pause], { triggers: at('0 0 29 2 *') })).toEqual([]);
    expect(issues([pause], { triggers: at('0 0 30 2 *') })).toEqual([
      { path: 'triggers.0.config.expression', message: 'would never fire: there is no such day' },
    ]);
  });

  it('is an option that is not of its parameter', () => {
    const parameters = [{ name: 'n', type: 'number', options: [1, '2', 'many'] }];
    expect(issues([pause], { parameters }).map(({ path }) => path)).toEqual(['parameters.0.options.2']);
  });

  it('is a header that cannot be sent, where it is written out', () => {
    const headers = { 'x a': '1', 'x-b': 'a\nb', 'x-c': '${"a\\nb"}' };
    expect(
      issues([stage('a', 'webhook', { url: 'https://x.test', headers })]).map(({ path }) => path),
    ).toEqual(['stages.0.config.headers.x a', 'stages.0.config.headers.x-b']);
  });
});

describe('what a pipeline names outside of itself', () => {
  const one = [{ refId: 'a', type: 'wait', name: 'a', config: { seconds: 1 } }];
  const trigger = (source: string) => [{ id: 'push', type: 'git', config: { source } }];
  const rule = (endpoint: string) => [{ endpoint, events: ['execution.failed'] }];

  it('must be there', () => {
    expect(issues(one, { triggers: trigger('github'), notifications: rule('chat') })).toEqual([]);
    expect(issues(one, { triggers: trigger('gitlab'), notifications: rule('pager') })).toEqual([
      { path: 'triggers.0.config.source', message: 'there is no webhook source "gitlab"; there are github' },
      {
        path: 'notifications.0.endpoint',
        message: 'there is no notification endpoint "pager"; there are chat',
      },
    ]);
  });
});
