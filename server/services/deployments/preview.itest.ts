import { afterEach, expect, it, vi } from 'vitest';
import { executions } from '@/db/schema';
import { localProvider } from '@/server/providers/local/manifest';
import { type Provider, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';
import { previewDeployment } from '@/server/services/deployments/preview';
import { CANARY, DIGEST, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const engineer = await world.as('engineer');
const wanted = { artifact: 'catalog', environment: 'prod', version: '1.1.0' };

/** A platform of which the preview asks two things. */
function platform(
  preview?: (spec: ServerGroupSpec) => ReturnType<NonNullable<Provider['previewServerGroup']>>,
) {
  const provider = {
    describeCluster: async ({ region }: { region: string }) =>
      region === 'eu' ? [await seeServerGroup(world, 'eu', 'prod', 6, '1.0.0', { traffic: 1 })] : [],
    ...(preview ? { previewServerGroup: preview } : {}),
  };
  vi.spyOn(localProvider, 'load').mockResolvedValue(provider as unknown as Provider);
}
afterEach(() => vi.restoreAllMocks());

it('says region by region what would be written, and gives the platform no configuration value', async () => {
  const asked: ServerGroupSpec[] = [];
  platform(async (spec) => {
    asked.push(spec);
    const after = `name: ${spec.name} ${spec.artifact.version}`;
    return [{ kind: 'ReplicaSet', name: spec.name, before: `old: ${CANARY}`, after }];
  });

  const preview = await previewDeployment(engineer, wanted);

  expect(preview).toMatchObject({ application: 'catalog', account: 'local', environment: 'prod' });
  expect(preview.regions.map(({ region, serverGroup }) => [region, serverGroup])).toEqual([
    ['eu', 'catalog-prod-v007'],
    ['us', 'catalog-prod-v000'],
  ]);
  const [eu, us] = preview.regions;
  expect(eu?.changes).toEqual([
    {
      kind: 'ReplicaSet',
      name: 'catalog-prod-v007',
      before: 'old: •••',
      after: 'name: catalog-prod-v007 1.1.0',
      serving: { version: '1.0.0', text: 'name: catalog-prod-v007 1.0.0' },
    },
  ]);
  expect(us?.changes?.[0]?.serving).toBeNull();
  expect(asked[0]?.artifact).toEqual({ name: 'catalog', version: '1.1.0', digest: DIGEST['1.1.0'] });
  expect(Object.keys(asked[0]?.config ?? {})).toEqual(['SECRET_NAME']);
  expect(JSON.stringify([asked, preview])).not.toContain(CANARY);
  expect(await world.db.select().from(executions)).toEqual([]);
});

it('says so where the platform cannot tell, or refuses', async () => {
  platform();
  expect((await previewDeployment(engineer, wanted)).regions).toMatchObject([
    { region: 'eu', able: false, changes: null },
    { region: 'us', able: false, changes: null },
  ]);
  platform(() => Promise.reject(new ProviderError('invalid', 'the quota is used up')));
  expect((await previewDeployment(engineer, wanted)).regions[0]).toMatchObject({
    able: true,
    changes: null,
    why: 'the quota is used up',
  });
  await expect(previewDeployment(engineer, { ...wanted, version: '9.9.9' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
