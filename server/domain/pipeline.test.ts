import { expect, it } from 'vitest';
import { environmentDefinitionSchema } from '@/server/domain/pipeline';

it('an environment has each region only once', () => {
  const problems = (regions: string[]) =>
    environmentDefinitionSchema
      .safeParse({
        name: 'prod',
        account: 'local',
        regions,
        capacity: { min: 1, desired: 1, max: 1 },
        artifact: 'shop',
        pipeline: 'deploy',
      })
      .error?.issues.map(({ path, message }) => [path.join('.'), message]);
  expect(problems(['eu', 'us'])).toBeUndefined();
  expect(problems(['eu', 'eu'])).toEqual([['regions', 'name each region only once']]);
});
