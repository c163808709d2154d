import { describe, expect, it } from 'vitest';
import {
  byEnvironment,
  changeKind,
  outlookOf,
  pinsAmong,
  suggestedVersion,
  versionChoices,
} from '@/components/deploy/deploy.view';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import type { ArtifactView } from '@/server/domain/views/admin';
import type { EnvironmentView } from '@/server/domain/views/application';
import type { DeployObjection } from '@/server/domain/views/deployment';

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

function place(name: string): EnvironmentView {
  return {
    name,
    account: 'local',
    provider: 'local',
    regions: ['eu'],
    cluster: `catalog-${name}`,
    artifact: 'catalog',
    pipeline: 'p',
    guarded: false,
    serverless: false,
    capacity: { min: 1, desired: 1, max: 1 },
    configKeys: [],
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
        { refId: 'b', type: 'deploy', name: 'Deploy', requires: ['a'], config: { environment: 'prod' } },
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
    const places = [place('prod'), place('eu')];
    expect(outlookOf(pipeline, places, place('prod'))).toEqual({
      stages: ['Approve', 'Deploy'],
      gated: true,
      reach: [place('prod')],
    });
    expect(outlookOf(undefined, places, place('prod'))).toBeNull();
    expect(outlookOf(pipeline, places, undefined)).toBeNull();
  });
});

it('says what happens to an object that a deploy writes', () => {
  expect(changeKind({ before: null, after: 'a' })).toBe('created');
  expect(changeKind({ before: 'a', after: 'b' })).toBe('changed');
  expect(changeKind({ before: 'a', after: null })).toBe('removed');
  expect(changeKind({ before: 'a', after: 'a' })).toBe('same');
});

it('shows what platforms are given environment by environment, as they come', () => {
  const region = (environment: string, name: string) => ({
    environment,
    account: `${environment}-account`,
    region: name,
    serverGroup: null,
    changes: null,
    why: null,
    able: false,
  });
  const regions = [region('dev', 'eu'), region('prod', 'eu'), region('dev', 'us')];
  expect(
    byEnvironment(regions).map(({ environment, account, regions: own }) => [
      environment,
      account,
      own.map((one) => one.region),
    ]),
  ).toEqual([
    ['dev', 'dev-account', ['eu', 'us']],
    ['prod', 'prod-account', ['eu']],
  ]);
});

it('offers to lift pins, and nothing else that stands against a deploy', () => {
  const pin = { version: '1.0.0', reason: 'slow', by: 'kim', at: '', expiresAt: null };
  const pinned = { kind: 'pinned', environment: 'prod', account: 'a', cluster: 'catalog-prod', pin } as const;
  const broken: DeployObjection = { kind: 'pipeline', pipeline: 'p', why: 'It is disabled.' };
  expect(pinsAmong([broken, pinned])).toEqual([pinned]);
});
