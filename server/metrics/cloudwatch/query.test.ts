import { describe, expect, it } from 'vitest';
import { cloudWatchConfigSchema } from '@/server/metrics/cloudwatch/config';
import { expandExpression, expandValue } from '@/server/metrics/cloudwatch/expand';
import { periodOf } from '@/server/metrics/cloudwatch/period';
import { cloudWatchQuerySchema } from '@/server/metrics/cloudwatch/query';

const metric = { namespace: 'AWS/EC2', metricName: 'CPUUtilization' };

describe('a query', () => {
  it.each([
    metric,
    { ...metric, statistic: 'p99.9', unit: 'Percent', dimensions: { AutoScalingGroupName: '${scope}' } },
    { ...metric, statistic: 'TM(10%:90%)', expression: null, queries: null },
    { expression: 'SELECT AVG(CPUUtilization) FROM "AWS/EC2" WHERE AutoScalingGroupName = \'${scope}\'' },
    { expression: 'a / b', queries: ['a', 'b'].map((id) => ({ id, ...metric })) },
  ])('may be %j', (query) => {
    expect(cloudWatchQuerySchema.safeParse({ type: 'cloudwatch', ...query }).error).toBeUndefined();
  });

  it.each([
    ['nothing', {}, 'give a metric'],
    ['a metric and an expression', { ...metric, expression: 'a' }, 'give a metric'],
    ['a name without a namespace', { metricName: 'CPUUtilization' }, 'a namespace'],
    ['a namespace without a name', { namespace: 'AWS/EC2', expression: 'a' }, 'a namespace'],
    ['a statistic that does not exist', { ...metric, statistic: 'avg' }, 'is not a statistic'],
    ['a unit that does not exist', { ...metric, unit: 'ms' }, 'unit'],
    ['queries without an expression', { ...metric, queries: [{ id: 'a', ...metric }] }, 'for an expression'],
    ['ids twice', { expression: 'a', queries: ['a', 'a'].map((id) => ({ id, ...metric })) }, 'of its own'],
    ['a large id', { expression: 'A', queries: [{ id: 'A', ...metric }] }, 'small letter'],
    ['the id of the result', { expression: 'a', queries: [{ id: 'result', ...metric }] }, 'another word'],
    [
      'more dimensions than there can be',
      { ...metric, dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`d${at}`, 'x'])) },
      'more than 30',
    ],
  ])('is not %s', (_name, query, text) => {
    const { error } = cloudWatchQuerySchema.safeParse({ type: 'cloudwatch', ...query });
    expect(JSON.stringify(error?.issues)).toContain(text);
  });
});

describe('settings', () => {
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKeySecret: 'x' };
  const roleArn = 'arn:aws-cn:iam::123456789012:role/path/reader';

  it.each([
    {},
    key,
    { ...key, sessionTokenSecret: 'y' },
    { roleArn, externalId: 'a/b' },
    { ...key, roleArn },
  ])('may be %j', (config) => {
    expect(cloudWatchConfigSchema.safeParse({ region: 'us-gov-west-1', ...config }).error).toBeUndefined();
  });

  it.each([
    { region: 'x.evil.example/' },
    { region: '' },
    { endpoint: 'ftp://x' },
    { endpoint: 'https://ann:secret@x' },
    { endpoint: 'https://x/?a=b' },
    { accessKeyId: key.accessKeyId },
    { secretAccessKeySecret: 'x' },
    { sessionTokenSecret: 'y' },
    { externalId: 'ours' },
    { roleArn: 'reader' },
    { accessKey: 'x' },
  ])('cannot be %j', (config) => {
    expect(cloudWatchConfigSchema.safeParse({ region: 'eu-west-1', ...config }).success).toBe(false);
  });
});

describe('what stands for the side', () => {
  const scope = { scope: 'shop-v003', location: 'eu', extra: { team: "o'neil" } };

  it('is put in by name, however Kayenta kept it', () => {
    expect(expandValue('${scope}/$\\{location}/${ team }', scope)).toBe("shop-v003/eu/o'neil");
    expect(expandExpression("SEARCH('{AWS/EC2,InstanceId} ${scope}', 'Sum')", scope)).toBe(
      "SEARCH('{AWS/EC2,InstanceId} shop-v003', 'Sum')",
    );
  });

  it('is known, and ends no string of an expression', () => {
    expect(() => expandValue('${cluster}', scope)).toThrow('Known are ${team}, ${scope}, ${location}');
    expect(() => expandExpression("'${team}'", scope)).toThrow('Use it in a dimension');
  });
});

describe('the period', () => {
  const NOW = Date.parse('2026-11-21T10:00:00Z');
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  const period = (seconds: number, ageMs: number) =>
    periodOf({ startMs: NOW - ageMs, endMs: NOW, stepMs: seconds * 1_000 }, NOW);

  it.each([
    [1, HOUR],
    [20, 3 * HOUR],
    [60, 15 * DAY],
    [120, 4 * HOUR],
    [300, 63 * DAY],
    [3_600, 400 * DAY],
    [86_400, 400 * DAY],
  ])('may be %i s for what is %i ms old', (seconds, ageMs) => {
    expect(period(seconds, ageMs)).toBe(seconds);
  });

  it.each([
    [2, 0, 'no points every 2 s'],
    [0.5, 0, 'no points every 0.5 s'],
    [90, 0, 'no points every 90 s'],
    [172_800, 0, 'no points every'],
    [10, 3 * HOUR + 1, 'longer than 3 hours'],
    [60, 15 * DAY + 1, 'longer than 15 days'],
    [300, 63 * DAY + 1, 'longer than 63 days'],
  ])('is not %d s for what is %d ms old', (seconds, ageMs, text) => {
    expect(() => period(seconds, ageMs)).toThrow(text);
  });
});
