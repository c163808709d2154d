import { expect, it } from 'vitest';
import { reachOf } from '@/server/domain/deploy-targets';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';

const place = (name: string) => ({ name });
const PLACES = ['dev', 'cluster', 'aws'].map(place);

function deploying(...environments: string[]) {
  const stages = environments.map((environment, at) => ({
    refId: `stage${at}`,
    type: 'deploy',
    name: `Deploy to ${environment}`,
    config: { environment },
  }));
  const gate = { refId: 'gate', type: 'manualJudgment', name: 'Approve', config: { environment: 'aws' } };
  return pipelineDefinitionSchema.parse({ name: 'release', stages: [gate, ...stages] });
}

it('a deploy reaches all that the pipeline delivers to, each once and in its order', () => {
  expect(reachOf(deploying('aws', 'dev', 'aws'), PLACES, place('dev'))).toEqual(['aws', 'dev'].map(place));
});

it('a deploy reaches where it was asked for, also where stages find their environment by an expression', () => {
  expect(reachOf(deploying('${parameters.where}'), PLACES, place('dev'))).toEqual([place('dev')]);
  expect(reachOf(deploying('${parameters.where}', 'aws'), PLACES, place('dev'))).toEqual(
    ['dev', 'aws'].map(place),
  );
});
