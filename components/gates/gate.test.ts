import { describe, expect, it } from 'vitest';
import {
  decisionWords,
  digestDiff,
  keptVersions,
  missesInput,
  splitGates,
} from '@/components/gates/gate.view';
import type { WaitingGate } from '@/server/domain/views/board';
import type { EvidenceChange } from '@/server/domain/views/execution';

function change(region: string, from: string | null, to: string): EvidenceChange {
  return {
    region,
    from: from === null ? null : { version: from, digest: `sha256:${from}aaaaaaaaaaaaaaaaaaaa`, since: null },
    to: { version: to, digest: `sha256:${to}bbbbbbbbbbbbbbbbbbbb` },
    instances: 2,
  };
}

function waiting(refId: string, since: string, mine: boolean): WaitingGate {
  return {
    executionId: 'x',
    refId,
    application: 'catalog',
    pipeline: 'deploy-prod',
    ramp: null,
    environment: 'prod',
    version: '1.1.0',
    stageName: { key: 'literal', values: { text: 'Approve' } },
    since,
    expiresAt: null,
    roles: [],
    mine,
  };
}

describe('the words on the buttons', () => {
  it('say where the release goes and what stays when it is stopped', () => {
    const words = decisionWords({
      environment: 'prod',
      artifact: null,
      change: [change('eu', '1.0.0', '1.1.0')],
    });
    expect(words.continue).toEqual({ key: 'continueTo', values: { environment: 'prod', version: '1.1.0' } });
    expect(words.stop).toEqual({ key: 'stopAndKeep', values: { version: '1.0.0' } });
  });

  it('name every version that stays, the most common first', () => {
    expect(
      keptVersions([change('eu', '0.9', '1'), change('us', '1.0', '1'), change('ap', '1.0', '1')]),
    ).toEqual(['1.0', '0.9']);
  });

  it('stay plain when nothing runs yet or nothing is delivered', () => {
    const words = decisionWords({ environment: null, artifact: null, change: [change('eu', null, '1.1.0')] });
    expect(words.continue.key).toBe('continue');
    expect(words.stop.key).toBe('stop');
  });
});

describe('the evidence', () => {
  it('tells a new build from the same bytes', () => {
    expect(digestDiff(change('eu', '1.0.0', '1.1.0'))).toMatchObject({ same: false, from: '1.0.0aaaaaaa' });
    const same = change('eu', '1.0.0', '1.0.0');
    expect(digestDiff({ ...same, to: { version: '1.0.0', digest: same.from?.digest ?? '' } }).same).toBe(
      true,
    );
  });

  it('puts the gates that wait for me first, the longest waiting on top', () => {
    const { mine, others } = splitGates([
      waiting('late', '2026-01-02', true),
      waiting('theirs', '2026-01-01', false),
      waiting('early', '2026-01-01', true),
    ]);
    expect(mine.map((g) => g.refId)).toEqual(['early', 'late']);
    expect(others.map((g) => g.refId)).toEqual(['theirs']);
  });

  it('asks for an input before continuing, never before stopping', () => {
    expect(missesInput('continue', { input: null, offered: ['fast', 'slow'] })).toBe(true);
    expect(missesInput('continue', { input: 'other', offered: ['fast'] })).toBe(true);
    expect(missesInput('continue', { input: 'fast', offered: ['fast'] })).toBe(false);
    expect(missesInput('continue', { input: null, offered: [] })).toBe(false);
    expect(missesInput('stop', { input: null, offered: ['fast'] })).toBe(false);
  });
});
