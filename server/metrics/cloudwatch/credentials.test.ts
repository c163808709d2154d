import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import { type FakeWire, fakeWire, type Reply, settle } from '@/server/metrics/testing/fake-aws';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const grid = { startMs: NOW - 60_000, endMs: NOW, stepMs: 60_000 };
const never = new AbortController().signal;
const ROLE = 'arn:aws:iam::123456789012:role/reader';
const nothing: Reply = { body: '{"MetricDataResults":[]}' };
let home: string;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  // A machine without AWS: no files of it, no variables, no instance to ask.
  home = mkdtempSync(path.join(tmpdir(), 'signalbox-no-aws-'));
  vi.stubEnv('HOME', home);
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('AWS_')))
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function open({ context }: FakeWire, config: object) {
  const settings = cloudWatchSource.configSchema.parse({ region: 'eu-west-1', ...config });
  const source = cloudWatchSource.open(settings, context);
  const query = cloudWatchSource.querySchema.parse({
    type: 'cloudwatch',
    namespace: 'Shop',
    metricName: 'Errors',
  });
  const scope = { scope: 'a', location: '', extra: {} };
  return (signal = never) => source.read(query, scope, grid, signal);
}

function assumed(token: string, expires: number): Reply {
  const expiration = new Date(expires).toISOString();
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIATEMPORARYEXAMPLE</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey>
      <SessionToken>${token}</SessionToken><Expiration>${expiration}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

function denied(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
      <Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKeySecret: 'wJalrXUtnFEMI' };
const role = { ...key, roleArn: ROLE, externalId: 'ours' };

it('asks with temporary keys of the role, and for new ones only when those end', async () => {
  const wire = fakeWire([
    assumed('first', NOW + 3_600_000),
    nothing,
    nothing,
    assumed('second', NOW + 7_200_000),
    nothing,
  ]);
  const read = open(wire, role);
  expect(await settle(read())).toHaveProperty('value');
  expect(await settle(read())).toHaveProperty('value');
  vi.setSystemTime(NOW + 3_600_000);
  expect(await settle(read())).toHaveProperty('value');
  expect(wire.requests.map(({ url }) => new URL(url).hostname.split('.')[0])).toEqual([
    'sts',
    'monitoring',
    'monitoring',
    'sts',
    'monitoring',
  ]);
  expect(Object.fromEntries(new URLSearchParams(wire.requests[0]?.body))).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: ROLE,
    RoleSessionName: 'signalbox-metrics',
    ExternalId: 'ours',
  });
  expect(wire.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
    undefined,
    'first',
    'first',
    undefined,
    'second',
  ]);
});

it.each<[string, Reply, string, number, string]>([
  ['a role that is not ours', denied(403, 'AccessDenied', 'not authorized'), 'access', 1, 'not authorized'],
  ['too many requests', denied(400, 'Throttling', 'Rate exceeded'), 'unavailable', 3, 'Rate exceeded'],
  ['another server', { body: '{"secret":"hidden"}' }, 'access', 1, 'This is not AWS STS'],
  ['nobody there', new Error('ECONNREFUSED'), 'unavailable', 3, 'AWS STS at sts.eu-west-1'],
  [
    'an answer without keys',
    { body: '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>' },
    'access',
    1,
    'gives no keys',
  ],
])('says why the role cannot be had: %s', async (_name, reply, kind, times, text) => {
  const wire = fakeWire([reply]);
  const { error } = await settle(open(wire, role)());
  expect(error).toMatchObject({ name: 'MetricsError', kind, message: expect.stringContaining(text) });
  expect(wire.requests).toHaveLength(times);
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/wJalr|hidden/);
});

it('finds keys where it runs', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOFTHEMACHINE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'machine');
  const wire = fakeWire([nothing]);
  expect(await settle(open(wire, {})())).toHaveProperty('value');
  expect(wire.requests[0]?.headers.authorization).toContain('Credential=AKIAOFTHEMACHINE/');
});

it('says what to do where there are no keys, and asks nobody', async () => {
  const wire = fakeWire([nothing]);
  const { error } = await settle(open(wire, {})());
  expect(error).toMatchObject({
    kind: 'access',
    message: expect.stringContaining('There are no AWS credentials'),
  });
  expect(wire.requests).toEqual([]);
});

it('ends at once while it still looks for keys', async () => {
  const stop = new AbortController();
  const wire = fakeWire([]);
  wire.context.fetch = () => new Promise(() => undefined);
  const ended = open(wire, role)(stop.signal).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1_000);
  stop.abort();
  expect(await ended).toMatchObject({ name: 'AbortError' });
});
