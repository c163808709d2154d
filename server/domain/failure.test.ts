import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aftermath, statusOfWhole } from '@/server/domain/failure';
import { FAILURE_POLICIES } from '@/server/domain/pipeline';
import { isComplete, STATUSES } from '@/server/domain/status';

const bad = fc.constantFrom('failed' as const, 'errored' as const, 'stopped' as const);
const complete = fc.constantFrom(...STATUSES.filter(isComplete));
const policy = fc.constantFrom(...FAILURE_POLICIES);
const part = fc.record({ status: complete, onFailure: policy });

describe('what the end of a stage means', () => {
  it.each([
    ['haltPipeline', 'allHalts', 'failed'],
    ['haltBranch', 'branchHalts', 'succeeded'],
    ['haltBranchThenFail', 'branchHalts', 'failed'],
    ['ignore', 'goesOn', 'succeeded'],
  ] as const)('a failure with %s: %s, and the whole %s', (onFailure, after, whole) => {
    expect(aftermath({ status: 'failed', onFailure })).toBe(after);
    expect(statusOfWhole([{ status: 'succeeded' }, { status: 'failed', onFailure }])).toBe(whole);
  });

  it('halts everything unless a policy says otherwise', () => {
    fc.assert(fc.property(bad, (status) => aftermath({ status }) === 'allHalts'));
  });

  it('never applies a policy to what succeeded, was skipped or was canceled', () => {
    fc.assert(
      fc.property(policy, (onFailure) => {
        expect(aftermath({ status: 'succeeded', onFailure })).toBe('goesOn');
        expect(aftermath({ status: 'skipped', onFailure })).toBe('goesOn');
        expect(aftermath({ status: 'canceled', onFailure })).toBe('allHalts');
        expect(statusOfWhole([{ status: 'canceled', onFailure }])).toBe('canceled');
      }),
    );
  });

  it('makes a whole as bad as its worst part that counts, in any order', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const whole = statusOfWhole(parts);
        expect(statusOfWhole(parts.toReversed())).toBe(whole);
        const failing = parts.some(
          ({ status, onFailure }) =>
            ['failed', 'errored', 'stopped'].includes(status) &&
            (onFailure === 'haltPipeline' || onFailure === 'haltBranchThenFail'),
        );
        if (failing) expect(['failed', 'errored', 'stopped']).toContain(whole);
      }),
    );
  });
});
