import { describe, expect, it } from 'vitest';
import { type Imported, importSpinnaker } from '@/server/interchange/spinnaker/pipeline';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import { foreign } from '@/server/interchange/spinnaker/testing/foreign';
import { delivery, KNOWN, operations, TARGET } from '@/server/interchange/spinnaker/testing/pipelines';
import { pipelineIssues } from '@/server/services/pipelines/validate';

type Json = Record<string, unknown>;

const entryOf = ({ report }: Imported, part: string, ref: string) => {
  const entry = report.find((one) => one.part === part && one.ref === ref);
  if (!entry) throw new Error(`nothing is reported of ${part} ${ref}`);
  return entry;
};
const stageOf = ({ definition }: Imported, refId: string) => {
  const stage = definition.stages.find((one) => one.refId === refId);
  if (!stage) throw new Error(`no stage ${refId}`);
  return stage;
};
const issuesOf = ({ definition }: Imported) => pipelineIssues(definition, KNOWN);

describe('a pipeline of which everything has an equivalent', () => {
  const imported = importSpinnaker(delivery, TARGET);

  it('is valid here, and no part of it is left out', () => {
    expect(issuesOf(imported)).toEqual([]);
    expect(imported.report.filter(({ outcome }) => outcome === 'no equivalent')).toEqual([]);
    expect(imported.report.filter(({ part }) => part === 'stage')).toHaveLength(delivery.stages.length);
    expect(imported.definition.name).toBe('deliver-to-prod');
  });

  it('keeps its graph, conditions, failure policies, windows and time limits', () => {
    expect(stageOf(imported, '9').requires).toEqual(['7', '8']);
    expect(stageOf(imported, '5').when).toBe('judgments["4"].input == "half"');
    expect(stageOf(imported, '7').onFailure).toBe('ignore');
    expect(stageOf(imported, '8')).toMatchObject({
      onFailure: 'haltBranchThenFail',
      window: {
        timeZone: 'Europe/Berlin',
        days: [1, 2, 3, 4, 5],
        spans: [{ from: '00:00', to: '00:00' }],
        jitterSeconds: 1,
      },
    });
    expect(stageOf(imported, '6').timeoutSeconds).toBe(1_800);
    expect(stageOf(imported, '9').comments).toBe('as ever');
    expect(imported.definition.concurrency).toEqual({ limit: 1, waiting: 'fifo' });
  });

  it('says the same in the words of this product', () => {
    expect(stageOf(imported, '1').config).toEqual({
      environment: 'staging',
      onlyEnabled: true,
      select: 'newest',
    });
    expect(stageOf(imported, '2').config).toEqual({
      variables: [
        { key: 'greeting', value: '${"hello " + parameters.change_id}' },
        { key: 'quick', value: '${parameters.speed == "fast"}' },
      ],
    });
    expect(stageOf(imported, '3').config.preconditions).toEqual([
      {
        type: 'expression',
        expression:
          '${stages["2"].status == "succeeded" && stages["2"].outputs.greeting.startsWith("hello")}',
        failureMessage: 'not greeted',
      },
      { type: 'clusterSize', environment: 'staging', comparison: '>=', expected: 0 },
      { type: 'stageStatus', stage: '2', status: 'succeeded' },
    ]);
    expect(stageOf(imported, '4').config).toEqual({
      instructions: 'Is staging well?',
      inputs: ['all', 'half'],
      roles: ['releaseManager'],
      expiresAfterSeconds: 3_600,
    });
    expect(stageOf(imported, '5').config).toEqual({ seconds: '${toInt(parameters.pause)}' });
    expect(stageOf(imported, '6').config).toEqual({
      environment: 'prod',
      strategy: 'redblack',
      options: { keep: 3 },
      capacity: { min: 1, desired: 1, max: 2 },
    });
    expect(stageOf(imported, '7').config).toMatchObject({
      payload: { text: '${deployedServerGroups[0].serverGroup} of ${execution.application}' },
    });
  });

  it('keeps parameters, triggers and notifications', () => {
    expect(imported.definition.parameters).toEqual([
      { name: 'change_id', label: 'Change', description: 'of the ticket', default: 'none', required: true },
      { name: 'speed', default: 'slow', required: false, options: ['slow', 'fast'] },
      { name: 'pause', default: '0', required: false },
      { name: 'day', type: 'date', default: '2026-03-01', required: false },
    ]);
    expect(imported.definition.triggers).toEqual([
      {
        id: 'c1',
        type: 'cron',
        enabled: true,
        config: { expression: '30 9 * * 1-5', timeZone: 'Europe/Berlin' },
      },
      {
        id: 'git-2',
        type: 'git',
        enabled: true,
        config: { source: 'github', repository: 'team/shop' },
        constraints: [{ path: 'ref', pattern: '^refs/heads/(?:release/.*)$' }],
      },
      {
        id: 'webhook-3',
        type: 'webhook',
        enabled: false,
        config: { source: 'builds' },
        constraints: [{ path: 'state', pattern: '^done$' }],
        parameters: { speed: '${trigger.payload.speed}' },
      },
      {
        id: 'pipeline-4',
        type: 'pipeline',
        enabled: true,
        config: { application: 'shop', pipeline: 'smoke-test', on: ['succeeded', 'failed', 'errored'] },
      },
    ]);
    expect(imported.definition.notifications).toEqual([
      {
        endpoint: 'ops',
        events: ['execution.failed', 'execution.stopped', 'execution.canceled', 'execution.succeeded'],
      },
    ]);
  });
});

describe('stages that work on what runs', () => {
  const imported = importSpinnaker(operations, TARGET);

  it('are all taken over and valid here', () => {
    expect(issuesOf(imported)).toEqual([]);
    const lost = imported.report.filter(({ outcome }) => outcome === 'no equivalent');
    expect(lost).toEqual([]);
  });

  it('name the same groups, sizes and commands', () => {
    expect(stageOf(imported, '1').config).toEqual({
      environment: 'prod',
      regions: ['eu'],
      target: 'previous',
    });
    expect(stageOf(imported, '2').config.target).toEqual({ serverGroup: 'shop-prod-v003' });
    expect(stageOf(imported, '5').config.resize).toEqual({ action: 'scaleUp', percent: 50 });
    expect(stageOf(imported, '8').config).toMatchObject({
      regionOrder: 'sequential',
      waitBetweenRegionsSeconds: 5,
    });
    expect(stageOf(imported, '11').config).toEqual({ environment: 'prod', command: ['node', 'migrate.mjs'] });
    expect(stageOf(imported, '12').config).toMatchObject({
      strategy: 'rollingredblack',
      options: { percentages: [20, 60], delayBetweenSeconds: 3, validate: 'smoke-test' },
    });
  });
});

describe('what has no equivalent', () => {
  const imported = importSpinnaker(foreign, TARGET);

  it('asks a person at a gate of the same name and policy, and says why', () => {
    expect(issuesOf(imported)).toEqual([]);
    for (const { refId, name } of foreign.stages) {
      const stage = stageOf(imported, refId);
      expect([stage.type, stage.name]).toEqual(['manualJudgment', name]);
      const entry = entryOf(imported, 'stage', refId);
      expect(entry.outcome).toBe('no equivalent');
      expect(entry.notes[0]?.text.length).toBeGreaterThan(40);
    }
    expect(stageOf(imported, 'a').onFailure).toBe('ignore');
    expect(entryOf(imported, 'stage', 'b').notes[0]?.text).toContain('map gce/other-x=<environment>');
    expect(stageOf(imported, 'd').config.instructions).toContain('$${#fromUrl');
  });

  it('starts nothing and tells nobody, and the report says so', () => {
    expect(imported.definition.triggers).toBeUndefined();
    expect(imported.definition.notifications).toBeUndefined();
    const others = imported.report.filter(({ part }) => part !== 'stage' && part !== 'pipeline');
    expect(others.map(({ outcome }) => outcome)).toEqual(others.map(() => 'no equivalent'));
    expect(others).toHaveLength(6);
  });

  it('can be named by the importer', () => {
    const mapping = {
      ...TARGET.mapping,
      environments: { 'gce/other-x': 'prod' },
      pipelines: { ffff: 'smoke-test' },
    };
    const again = importSpinnaker(foreign, { ...TARGET, mapping });
    expect(stageOf(again, 'b')).toMatchObject({ type: 'deploy', config: { environment: 'prod' } });
    expect(stageOf(again, 'e')).toMatchObject({ type: 'pipeline', config: { pipeline: 'smoke-test' } });
  });

  it('is refused as a whole only when there is no pipeline in it', () => {
    expect(() => importSpinnaker({ name: 'x' }, TARGET)).toThrow(Unmappable);
    expect(() => importSpinnaker({ schema: 'v2', template: {} }, TARGET)).toThrow('template');
  });
});

it('lets a person decide where a condition cannot be told', () => {
  const stages = [
    {
      refId: '1',
      type: 'wait',
      waitTime: 1,
      requisiteStageRefIds: [],
      stageEnabled: { type: 'expression', expression: "execution.stages.?[name == 'x'].size() > 0" },
    },
    { refId: '2', type: 'wait', waitTime: 1, requisiteStageRefIds: ['1'] },
  ];
  const imported = importSpinnaker({ name: 'x', stages }, TARGET);
  expect(stageOf(imported, '1')).toMatchObject({ type: 'wait', requires: ['1-condition'] });
  expect(stageOf(imported, '1-condition')).toMatchObject({ type: 'manualJudgment', onFailure: 'haltBranch' });
  expect(entryOf(imported, 'stage', '1').outcome).toBe('converted with changes');
});

it('does not let two clusters with different settings become one place', () => {
  const cluster = { account: 'aws', application: 'shop', stack: 'prod' };
  const deployTo = (...clusters: Json[]) =>
    importSpinnaker(
      { name: 'x', stages: [{ refId: '1', type: 'deploy', clusters, requisiteStageRefIds: [] }] },
      TARGET,
    );
  const apart = deployTo(
    { ...cluster, strategy: 'redblack', region: 'eu' },
    { ...cluster, strategy: 'highlander', region: 'us' },
  );
  expect(apart.definition.stages.map(({ refId, config }) => [refId, config.regions])).toEqual([
    ['1', ['eu']],
    ['1-2', ['us']],
  ]);
  const clash = deployTo(
    { ...cluster, strategy: 'redblack', region: 'us-west-1' },
    { ...cluster, strategy: 'highlander', region: 'us' },
  );
  expect(clash.report.at(-1)?.outcome).toBe('no equivalent');
});

describe('where something runs', () => {
  const where = (cluster: Json, mapping: Record<string, string> = {}) => {
    const stages = [
      { refId: '1', type: 'disableCluster', credentials: 'aws', requisiteStageRefIds: [], ...cluster },
    ];
    const imported = importSpinnaker(
      { name: 'x', application: 'store', stages },
      { ...TARGET, mapping: { ...TARGET.mapping, environments: mapping } },
    );
    return stageOf(imported, '1').config.environment ?? null;
  };

  it.each([
    [{ cluster: 'shop-prod' }, 'prod'],
    // The application may be called otherwise there.
    [{ cluster: 'store-prod' }, 'prod'],
    [{ moniker: { app: 'shop', stack: 'staging' } }, 'staging'],
    // Of another application, or beside the environment's cluster: somebody has to say so.
    [{ cluster: 'payments-prod' }, null],
    [{ cluster: 'shop-prod-canary' }, null],
    [{ moniker: { app: 'payments', stack: 'prod' } }, null],
  ])('%j is %s', (cluster, environment) => {
    expect(where(cluster)).toBe(environment);
  });

  it('is what the importer says, by the most telling name', () => {
    const mapping = { 'aws/shop-prod-canary': 'staging', aws: 'prod' };
    expect(where({ cluster: 'shop-prod-canary' }, mapping)).toBe('staging');
    expect(where({ cluster: 'payments-prod' }, mapping)).toBe('prod');
    expect(where({ cluster: 'shop-prod' }, { aws: 'nowhere' })).toBeNull();
  });

  it('is a namespace only for the workload that the environment delivers', () => {
    const scale = (manifestName: string) =>
      stageOf(
        importSpinnaker(
          {
            name: 'x',
            stages: [
              {
                refId: '1',
                type: 'scaleManifest',
                account: 'k8s',
                location: 'prod',
                manifestName,
                replicas: 1,
                moniker: { app: 'shop' },
                requisiteStageRefIds: [],
              },
            ],
          },
          TARGET,
        ),
        '1',
      ).config.environment;
    expect(scale('deployment shop')).toBe('prod');
    expect(scale('deployment queue')).toBeUndefined();
  });
});

it('does not take over secrets, nor show them to those who do by hand what is not taken over', () => {
  const customHeaders = { Authorization: 'Bearer s3cr3t' };
  const call = { type: 'webhook', url: 'https://x.example', customHeaders, requisiteStageRefIds: [] };
  const stages = [
    { ...call, refId: '1' },
    { ...call, refId: '2', waitForCompletion: true },
  ];
  const triggers = [{ type: 'git', source: 'bitbucket', secret: 's3cr3t' }];
  const imported = importSpinnaker({ name: 'x', stages, triggers, apiKey: 's3cr3t' }, TARGET);
  expect(JSON.stringify(imported)).not.toContain('s3cr3t');
  expect(stageOf(imported, '1').config.headers).toEqual({ Authorization: 'secret:AUTHORIZATION' });
  expect(stageOf(imported, '2').type).toBe('manualJudgment');
});
