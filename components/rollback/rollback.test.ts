import { describe, expect, it } from 'vitest';
import { expectation, targetVersions } from '@/components/rollback/rollback.view';

const region = (name: string, version: string | null) => ({
  region: name,
  from: null,
  to: version === null ? null : { serverGroup: `catalog-prod-${name}`, version },
  instancesReady: 0,
  why: null,
});

describe('what a rollback returns to', () => {
  it('is one version when all regions agree', () => {
    expect(targetVersions({ regions: [region('eu', '1.0.0'), region('us', '1.0.0')] })).toEqual(['1.0.0']);
  });

  it('names all of them when regions differ, the most common first', () => {
    expect(
      targetVersions({ regions: [region('eu', '0.9'), region('us', '1.0'), region('ap', '1.0')] }),
    ).toEqual(['1.0', '0.9']);
  });

  it('is nothing when no region has anything to return to', () => {
    expect(targetVersions({ regions: [region('eu', null)] })).toEqual([]);
  });
});

describe('how long it takes', () => {
  it('is told with the instances that start first, and without a promise where nobody knows', () => {
    expect(expectation({ expectedSeconds: 2, startsFirst: null })).toEqual({
      key: 'expected',
      values: { seconds: 2 },
    });
    const known = { expectedSeconds: 42, startsFirst: { instances: 3, seconds: 40 } };
    expect(expectation(known)).toEqual({ key: 'expectedStarts', values: { seconds: 42, count: 3 } });
    const unknown = { expectedSeconds: 2, startsFirst: { instances: 3, seconds: null } };
    expect(expectation(unknown)).toEqual({ key: 'expectedUnknown', values: { seconds: 2, count: 3 } });
  });
});
