import { describe, expect, it } from 'vitest';
import { targetVersions } from '@/components/rollback/rollback.view';

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
