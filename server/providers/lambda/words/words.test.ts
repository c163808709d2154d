import { describe, expect, it } from 'vitest';
import { lambdaConfigSchema } from '@/server/providers/lambda/config';
import { codeOf } from '@/server/providers/lambda/verbs/code';
import { isBy, markIn, markText } from '@/server/providers/lambda/words/mark';
import {
  admitted,
  dismissed,
  NO_ROUTING,
  type Routing,
  routingOf,
  standingOf,
  targetOf,
  weighted,
} from '@/server/providers/lambda/words/routing';
import { digestOf, serverGroupOf } from '@/server/providers/lambda/words/server-group-of';

const spec = {
  region: 'eu-west-1',
  application: 'shop',
  cluster: 'shop-prod',
  name: 'shop-prod-v003',
  artifact: { name: 'shop', version: '1.0 beta=2', digest: `sha256:${'ab'.repeat(32)}` },
  capacity: { min: 1, desired: 1, max: 1 },
  config: {},
  loadBalancers: ['shop-prod'],
  enabled: false,
};
const operation = (id: string, fence = 1) => ({ id, fence });
const all = new Set(['7', '8', '9']);

/** As it is read again after it was written. */
function written(routing: Routing, id = 'any', fence = 1): Routing {
  return routingOf({ Name: 'live', ...targetOf(routing, operation(id, fence)) });
}

describe('the mark of a version', () => {
  it('comes back as it was written, whatever its names hold', () => {
    const text = markText(spec, operation('deploy-1', 4));
    expect(text.length).toBeLessThanOrEqual(256);
    const mark = markIn(text);
    expect(mark).toMatchObject({
      serverGroup: 'shop-prod-v003',
      application: 'shop',
      artifact: { name: 'shop', version: '1.0 beta=2' },
      loadBalancer: 'shop-prod',
    });
    if (!mark) throw new Error('it bears our sign');
    expect(isBy(mark, operation('deploy-1', 5))).toBe(true);
    expect(isBy(mark, operation('deploy-2', 1))).toBe(false);
    expect(() => isBy(mark, operation('deploy-1', 3))).toThrow('taken over by fence 4');
  });

  it('is not what a person wrote', () => {
    expect(['', 'fixes the resizer', 'signalbox', undefined].map(markIn)).toEqual([null, null, null, null]);
  });

  it('refuses names that are too long together in words', () => {
    const long = { ...spec, artifact: { ...spec.artifact, name: 'n'.repeat(250) } };
    expect(() => markText(long, operation('a'))).toThrow('too long together');
  });
});

describe('the routing of an alias', () => {
  it('gives the first all, two the same, and two with weights what was asked, also before both are enabled', () => {
    const first = written(admitted(NO_ROUTING, '7', all));
    expect([...first.shares]).toEqual([['7', 1]]);
    expect(Object.fromEntries(written(admitted(first, '8', all)).shares)).toEqual({ '7': 0.5, '8': 0.5 });
    const ahead = written(weighted(first, { '7': 90, '8': 10 }, all));
    expect([...ahead.shares]).toEqual([['7', 1]]);
    expect(Object.fromEntries(written(admitted(ahead, '8', all)).shares)).toEqual({ '7': 0.9, '8': 0.1 });
  });

  it('names the larger share first, and says of equals that which was first', () => {
    const both = admitted(admitted(NO_ROUTING, '7', all), '8', all);
    expect(targetOf(both, operation('a')).FunctionVersion).toBe('7');
    expect(targetOf(weighted(both, { '7': 0, '8': 100 }, all), operation('a'))).toMatchObject({
      FunctionVersion: '8',
      RoutingConfig: { AdditionalVersionWeights: { '7': 0 } },
    });
  });

  it('forgets the weight of what leaves, and never loses its only version', () => {
    const both = admitted(admitted(NO_ROUTING, '7', all), '8', all);
    const left = written(dismissed(weighted(both, { '7': 0, '8': 1 }, all), '7'));
    expect(Object.fromEntries(admitted(left, '7', all).shares)).toEqual({ '8': 0.5, '7': 0.5 });
    expect(() => dismissed(left, '8')).toThrow('calls only this one');
  });

  it('refuses three', () => {
    const both = admitted(admitted(NO_ROUTING, '7', all), '8', all);
    expect(() => admitted(both, '9', all)).toThrow('two versions at most');
    expect(() => weighted(both, { '7': 1, '8': 1, '9': 1 }, all)).toThrow('two versions at most');
    expect(Object.fromEntries(weighted(both, { '7': 1, '8': 1, '9': 0 }, all).shares)).toEqual({
      '7': 0.5,
      '8': 0.5,
    });
  });

  it('gives no shares while it calls a version of somebody else', () => {
    const theirs = routingOf({ Name: 'live', FunctionVersion: '3', Description: 'by hand' });
    expect(() => weighted(theirs, { '7': 50, '8': 50 }, all)).toThrow(
      'Somebody else has pointed the alias at version 3',
    );
  });

  it('lets versions of others give way', () => {
    const theirs = routingOf({ Name: 'live', FunctionVersion: '3', Description: 'by hand' });
    expect([...admitted(theirs, '7', all).shares]).toEqual([['7', 1]]);
  });

  it('knows who has acted, and keeps to what a description holds', () => {
    let routing = admitted(NO_ROUTING, '7', all);
    for (let index = 0; index < 40; index++) routing = written(routing, `operation-${index}`, 10 ** 6);
    expect(targetOf(routing, operation('last')).Description.length).toBeLessThanOrEqual(256);
    expect(standingOf(routing, operation('operation-39', 10 ** 6))).toBe('done');
    expect(standingOf(routing, operation('operation-39', 10 ** 7))).toBe('acted');
    expect(standingOf(routing, operation('operation-40'))).toBe('new');
    expect(() => standingOf(routing, operation('operation-39', 1))).toThrow('taken over');
  });
});

describe('a version', () => {
  const version = {
    FunctionName: 'shop-prod',
    Version: '8',
    Description: markText(spec, operation('a')),
    CodeSha256: Buffer.from('ab'.repeat(32), 'hex').toString('base64'),
    LastModified: '2026-11-21T10:00:00.123+0000',
    Environment: { Variables: { LOG: 'secret', SIGNALBOX_SERVER_GROUP: spec.name } },
    State: 'Failed' as const,
    StateReason: 'The image is gone',
  };

  it('is a server group without instances, with its state, its share and the names of its values', () => {
    const group = serverGroupOf('acc', 'eu-west-1', 'live', version, new Map([['8', 0.1]]));
    expect(group).toMatchObject({
      name: 'shop-prod-v003',
      sequence: 3,
      cluster: 'shop-prod',
      artifact: spec.artifact,
      instances: [],
      enabled: true,
      traffic: 0.1,
      serverless: { state: 'failed', reason: 'The image is gone', revision: '8' },
      createdAt: '2026-11-21T10:00:00.123Z',
      configKeys: ['LOG'],
      measuredBy: { functionName: 'shop-prod', resource: 'shop-prod:live', executedVersion: '8' },
    });
    expect(JSON.stringify(group)).not.toContain('secret');
  });

  it('of somebody else is named as AWS names it', () => {
    const theirs = { ...version, Description: 'by hand' };
    expect(serverGroupOf('acc', 'eu-west-1', 'live', theirs, new Map([['8', 1]]))).toMatchObject({
      name: 'shop-prod:8',
      sequence: null,
      application: 'shop',
      managedBy: { kind: 'AWS Lambda', name: 'shop-prod' },
    });
  });

  it('has the digest of its code, as zips and as images write it', () => {
    expect(digestOf(version)).toBe(spec.artifact.digest);
    expect(digestOf({ CodeSha256: 'ab'.repeat(32) })).toBe(spec.artifact.digest);
  });
});

describe('an account', () => {
  const parsed = (config: object) => lambdaConfigSchema.safeParse({ regions: ['eu-west-1'], ...config });

  it('says either where packages or where images lie', () => {
    expect(parsed({ imageUri: 'registry/{name}:{version}' }).success).toBe(true);
    expect(parsed({ package: { bucket: 'b' } }).success).toBe(true);
    expect(parsed({}).error?.issues[0]?.message).toContain('where the code lies');
    expect(parsed({ package: { bucket: 'b' }, imageUri: 'i' }).success).toBe(false);
    expect(parsed({ imageUri: '{nothing}' }).success).toBe(false);
  });

  it('finds code by name, version and region', () => {
    const zips = lambdaConfigSchema.parse({
      regions: ['eu-west-1'],
      package: { bucket: 'releases-{region}', key: '{name}/{name}-{version}.zip' },
    });
    const artifact = { ...spec.artifact, version: '1.2.0' };
    expect(codeOf(zips, 'eu-west-1', artifact)).toEqual({
      S3Bucket: 'releases-eu-west-1',
      S3Key: 'shop/shop-1.2.0.zip',
    });
  });
});
