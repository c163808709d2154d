import { describe, expect, it } from 'vitest';
import { changeKind, outlookOf, suggestedVersion, versionChoices } from '@/components/deploy/deploy.view';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import type { ArtifactView } from '@/server/domain/views/admin';

function artifact(version: string, over: Partial<ArtifactView> = {}): ArtifactView {
  return {
    name: 'catalog',
    version,
    digest: `sha256:${version}`,
    createdAt: `2026-01-0${version.split('.')[1]}T00:00:00Z`,
    metadata: {},
    veto: null,
    runsIn: [],
    ...over,
  };
}

const VETO = { reason: 'errors', by: 'kim', at: '2026-01-01T00:00:00Z' };
const PROD = { name: 'prod', artifact: 'catalog' };

describe('the versions to deploy', () => {
  it('are those of the environment’s artifact, newest first, and say where they run', () => {
    const choices = versionChoices(
      [
        artifact('1.1.0', { runsIn: ['catalog/prod', 'staging'] }),
        artifact('1.2.0'),
        { ...artifact('1.3.0'), name: 'other' },
      ],
      'catalog',
      PROD,
    );
    expect(choices.map((c) => c.version)).toEqual(['1.2.0', '1.1.0']);
    expect(choices[1]).toMatchObject({ here: true, elsewhere: ['staging'] });
  });

  it('suggest the newest that is neither vetoed nor here already', () => {
    const choices = versionChoices(
      [artifact('1.3.0', { veto: VETO }), artifact('1.2.0', { runsIn: ['prod'] }), artifact('1.1.0')],
      'catalog',
      PROD,
    );
    expect(suggestedVersion(choices)).toBe('1.1.0');
  });

  it('suggest a redeployment when nothing else is allowed, and nothing when all is vetoed', () => {
    expect(suggestedVersion(versionChoices([artifact('1.1.0', { runsIn: ['prod'] })], 'catalog', PROD))).toBe(
      '1.1.0',
    );
    expect(suggestedVersion(versionChoices([artifact('1.1.0', { veto: VETO })], 'catalog', PROD))).toBeNull();
  });
});

describe('what a deployment means', () => {
  it('names the stages and whether a person is asked', () => {
    const definition = pipelineDefinitionSchema.parse({
      name: 'p',
      stages: [
        { refId: 'a', type: 'manualJudgment', name: 'Approve' },
        { refId: 'b', type: 'deploy', name: 'Deploy', requires: ['a'] },
      ],
    });
    const pipeline = {
      application: 'catalog',
      name: 'p',
      revision: 1,
      definition,
      updatedAt: '',
      updatedBy: '',
      needsArtifact: true,
      recent: [],
    };
    expect(outlookOf(pipeline)).toEqual({ stages: ['Approve', 'Deploy'], gated: true });
    expect(outlookOf(undefined)).toBeNull();
  });
});

it('says what happens to an object that a deploy writes', () => {
  expect(changeKind({ before: null, after: 'a' })).toBe('created');
  expect(changeKind({ before: 'a', after: 'b' })).toBe('changed');
  expect(changeKind({ before: 'a', after: null })).toBe('removed');
  expect(changeKind({ before: 'a', after: 'a' })).toBe('same');
});
