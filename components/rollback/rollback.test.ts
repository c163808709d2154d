import { describe, expect, it } from 'vitest';
import { expectation, expectationEverywhere, targetVersions } from '@/components/rollback/rollback.view';

const region = (name: string, version: string | null) => ({
  region: name,
  from: null,
  to: version === null ? null : { serverGroup: `catalog-prod-${name}`, version },
  instancesReady: 0,
  why: null,
});

describe('what a rollback returns to', () => {
  it('is one version when all regions agree', () => {
    expect(targetVersions({ unseen: null, regions: [region('eu', '1.0.0'), region('us', '1.0.0')] })).toEqual(
      ['1.0.0'],
    );
  });

  it('names all of them when regions differ, the most common first', () => {
    expect(
      targetVersions({
        unseen: null,
        regions: [region('eu', '0.9'), region('us', '1.0'), region('ap', '1.0')],
      }),
    ).toEqual(['1.0', '0.9']);
  });

  it('is not said where it is decided when the rollback runs', () => {
    const unseen = { seenAt: null };
    expect(targetVersions({ unseen, regions: [region('eu', '1.0.0')] })).toEqual([]);
  });

  it('is nothing when no region has anything to return to', () => {
    expect(targetVersions({ unseen: null, regions: [region('eu', null)] })).toEqual([]);
  });
});

describe('how long it takes', () => {
  const calm = { expectedSeconds: 9, measured: true, startsFirst: null };

  it('is what it took the last time, and no number before the first', () => {
    expect(expectation(calm)).toEqual({ key: 'expectedLast', values: { seconds: 9 } });
    expect(expectation({ ...calm, measured: false })).toEqual({ key: 'expectedUsually', values: {} });
  });

  it('is told with the instances that start first, and without a promise where nobody knows', () => {
    const known = { ...calm, expectedSeconds: 42, startsFirst: { instances: 3, seconds: 40 } };
    expect(expectation(known)).toEqual({ key: 'expectedStarts', values: { seconds: 42, count: 3 } });
    const unknown = { ...calm, startsFirst: { instances: 3, seconds: null } };
    expect(expectation(unknown)).toEqual({ key: 'expectedUnknown', values: { count: 3 } });
  });

  it('is that of the slowest of several environments', () => {
    const everywhere = { expectedSeconds: 9, measured: true, places: [] };
    expect(expectationEverywhere(everywhere)).toEqual({
      key: 'everywhere.expectedLast',
      values: { seconds: 9 },
    });
    expect(expectationEverywhere({ ...everywhere, measured: false }).key).toBe('expectedUsually');
  });
});
