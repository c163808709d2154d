import { describe, expect, it } from 'vitest';
import { clustersSchema, type Execution } from '@/cli/answers';
import { readPairs, requireNothingLeft, take } from '@/cli/arguments';
import { statusTable } from '@/cli/commands/status';
import { Follower } from '@/cli/wait';

describe('key=value words', () => {
  it('are read, with everything after the first = as the value', () => {
    expect([...readPairs(['a=1', 'b=x=y', 'c='])]).toEqual([
      ['a', '1'],
      ['b', 'x=y'],
      ['c', ''],
    ]);
  });

  it('are bad usage when malformed, doubled, missing or unknown', () => {
    const bad = (act: () => unknown) => {
      try {
        act();
        return null;
      } catch (error) {
        return error;
      }
    };
    expect(bad(() => readPairs(['plain']))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('plain'),
    });
    expect(bad(() => readPairs(['=x']))).toMatchObject({ exitCode: 2 });
    expect(bad(() => readPairs(['a=1', 'a=2']))).toMatchObject({ exitCode: 2 });
    expect(bad(() => take(new Map(), 'artifact', 'deploy'))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('artifact='),
    });
    expect(bad(() => requireNothingLeft(new Map([['x', '1']]), ['a']))).toMatchObject({ exitCode: 2 });
    expect(bad(() => requireNothingLeft(new Map(), ['a']))).toBeNull();
  });
});

describe('following an execution', () => {
  const stage = (refId: string, status: Execution['status'], parentRefId: string | null = null) => ({
    refId,
    parentRefId,
    name: `Stage ${refId}`,
    status,
    error: status === 'failed' ? 'It broke.' : null,
  });
  const execution = (more: Partial<Execution>): Execution => ({
    id: 'e1',
    application: 'catalog',
    pipeline: 'p',
    status: 'running',
    sentence: 'Working.',
    error: null,
    stages: [],
    waitingFor: [],
    ...more,
  });
  function follow() {
    const lines: string[] = [];
    const follower = new Follower('http://box', { line: (text) => lines.push(text), note: () => undefined });
    return { lines, follower };
  }

  it('tells each change of a stage once, children under their parent', () => {
    const { lines, follower } = follow();
    const stages = [
      stage('deploy', 'running'),
      stage('deploy.eu', 'running', 'deploy'),
      stage('after', 'pending'),
    ];
    follower.tell(execution({ stages }));
    follower.tell(execution({ stages }));
    follower.tell(
      execution({ stages: [stages[0] ?? stage('x', 'pending'), stage('deploy.eu', 'failed', 'deploy')] }),
    );
    expect(lines).toEqual([
      '▸ Stage deploy running',
      '▸   Stage deploy.eu running',
      '✗   Stage deploy.eu failed: It broke.',
    ]);
  });

  it('says once who can approve, and where', () => {
    const { lines, follower } = follow();
    const waitingFor = [{ refId: 'gate', kind: 'person', who: ['releaseManager', 'admin'], until: null }];
    follower.tell(execution({ waitingFor }));
    follower.tell(execution({ waitingFor }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('releaseManager or admin');
    expect(lines[0]).toContain('signalbox approve e1 gate');
    expect(lines[0]).toContain('http://box/executions/e1');
  });

  it('ends with the sentence', () => {
    const { lines, follower } = follow();
    follower.tell(execution({ status: 'stopped', sentence: 'Stopped at the gate.', error: 'Kim said no.' }));
    expect(lines).toEqual(['■ stopped. Stopped at the gate. Kim said no.']);
  });
});

it('shows what runs where in a table', () => {
  const group = (version: string, traffic: number, ...health: string[]) => ({
    name: `v-${version}`,
    traffic,
    artifact: { version },
    instances: health.map((one) => ({ health: one })),
  });
  const region = {
    region: 'eu',
    loadBalancers: [{ url: 'http://lb' }],
    serverGroups: [
      group('1.1.0', 0.9, 'healthy', 'starting'),
      group('1.0.0', 0.1, 'healthy'),
      group('0.9', 0, 'healthy'),
    ],
  };
  const cluster = {
    name: 'catalog-prod',
    account: 'local',
    environment: 'prod',
    pin: null,
    regions: [region],
  };
  const accounts = [{ account: 'local', seenAt: '2026-01-01T00:00:00Z', error: null }];
  expect(statusTable([{ application: 'catalog', accounts, clusters: [cluster] }]).split('\n')).toEqual([
    'application  environment  cluster       account  region  version               healthy  pinned  url',
    'catalog      prod         catalog-prod  local    eu      1.1.0 90%, 1.0.0 10%  2/3              http://lb',
  ]);
  expect(statusTable([])).toBe('Nothing runs yet.');
});

it('says below a row, once, why no requests come there, and as JSON, too', () => {
  const reason = 'Gateway front does not take HTTPRoute shop: NoMatchingParent';
  const group = (name: string) => ({
    name,
    traffic: 0.5,
    unreached: reason,
    artifact: { version: '1.0' },
    instances: [{ health: 'healthy' }],
  });
  const region = (name: string, lost: object) => ({
    region: name,
    loadBalancers: [{ url: null, ...lost }],
    serverGroups: Object.keys(lost).length > 0 ? [group('shop-v000'), group('shop-v001')] : [],
  });
  const regions = [region('eu', { problem: reason }), region('us', {})];
  const cluster = { name: 'shop', account: 'edge', environment: 'prod', pin: null, regions };
  const accounts = [{ account: 'edge', seenAt: '2026-01-01T00:00:00Z', error: null }];
  const answer = clustersSchema.parse({ application: 'shop', accounts, clusters: [cluster] });
  expect(answer.clusters).toEqual([cluster]);
  const [, eu, note, us, ...more] = statusTable([answer]).split('\n');
  expect([eu?.includes(' eu '), note, us?.includes(' us '), more]).toEqual([true, `  ! ${reason}`, true, []]);
});

it('tells the states of functions and counts no instances of theirs', () => {
  const version = (name: string, state: string) => ({
    name,
    traffic: 0.5,
    artifact: { version: name },
    instances: [],
    serverless: { state },
  });
  const row = (...states: string[]) => {
    const serverGroups = states.map((state, index) => version(`1.${index}`, state));
    const regions = [{ region: 'eu', loadBalancers: [], serverGroups }];
    const cluster = { name: 'thumbs', account: 'fn', environment: 'prod', pin: null, regions };
    const accounts = [{ account: 'fn', seenAt: null, error: null }];
    const [, text] = statusTable([{ application: 'thumbs', accounts, clusters: [cluster] }]).split('\n');
    return text?.split(/ {2,}/).at(-1);
  };
  expect([row('active', 'active'), row('active', 'failed')]).toEqual(['active', 'active, failed']);
});

it('counts what others made, and says since when an account was not seen', () => {
  const group = (instances: number) => ({
    name: 'shop',
    traffic: 0,
    artifact: { version: '2.0' },
    instances: Array.from({ length: instances }, () => ({ health: 'healthy' })),
    managedBy: { kind: 'Deployment', name: 'shop' },
  });
  const region = { region: 'eu', loadBalancers: [], serverGroups: [group(2), group(0)] };
  const cluster = { name: 'shop', account: 'edge', environment: null, pin: null, regions: [region] };
  const accounts = [{ account: 'edge', seenAt: '2026-01-01T00:00:00Z', error: 'gone' }];
  const [, row] = statusTable([{ application: 'shop', accounts, clusters: [cluster] }]).split('\n');
  expect(row?.split(/ {2,}/)).toEqual([
    'shop',
    '–',
    'shop',
    'edge (last seen 2026-01-01T00:00:00Z)',
    'eu',
    '2.0 (Deployment)',
    '2/2',
  ]);
});
