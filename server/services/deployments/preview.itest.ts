import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { accounts, environments, executions, loadBalancers, pipelines } from '@/db/schema';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { lambdaProvider } from '@/server/providers/lambda/manifest';
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
  // A value that is a word of the platform's own text.
  const config = { SECRET_NAME: CANARY, GREETING: 'catalog-prod' };
  await world.db.update(environments).set({ config }).where(eq(environments.name, 'prod'));
  platform(async (spec) => {
    asked.push(spec);
    const after = `name: ${spec.name} ${spec.artifact.version} ${JSON.stringify(spec.config)}`;
    return [{ kind: 'ReplicaSet', name: spec.name, before: `old: ${spec.cluster}`, after }];
  });
  const variables = JSON.stringify({ GREETING: '•••', SECRET_NAME: '•••' });

  const preview = await previewDeployment(engineer, wanted);

  expect(preview).toMatchObject({ application: 'catalog', account: 'local', environment: 'prod' });
  expect(preview.stages.map(({ regionsAtOnce }) => regionsAtOnce)).toEqual([false, true]);
  expect(preview.regions.map(({ region, serverGroup }) => [region, serverGroup])).toEqual([
    ['eu', 'catalog-prod-v007'],
    ['us', 'catalog-prod-v000'],
  ]);
  const [eu, us] = preview.regions;
  expect(eu?.changes).toEqual([
    {
      kind: 'ReplicaSet',
      name: 'catalog-prod-v007',
      before: 'old: catalog-prod',
      after: `name: catalog-prod-v007 1.1.0 ${variables}`,
      serving: { version: '1.0.0', text: `name: catalog-prod-v007 1.0.0 ${variables}` },
    },
  ]);
  expect(us?.changes?.[0]?.serving).toBeNull();
  expect(asked[0]?.artifact).toEqual({ name: 'catalog', version: '1.1.0', digest: DIGEST['1.1.0'] });
  expect(Object.keys(asked[0]?.config ?? {})).toEqual(['GREETING', 'SECRET_NAME']);
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

/** What prod's pipeline shall be, as it is stored: what it names need not be there. */
async function pipelineOf(stageList: readonly object[], guarded = true) {
  const definition = pipelineDefinitionSchema.parse({ name: 'deploy-prod', stages: stageList });
  await world.db.update(pipelines).set({ definition }).where(eq(pipelines.name, 'deploy-prod'));
  await world.db
    .update(environments)
    .set({ guarded, regions: ['eu'] })
    .where(eq(environments.name, 'prod'));
}

const APPROVE = { refId: 'approve', type: 'manualJudgment', name: 'Approve' };
function deploys(config: object) {
  const where = { environment: 'prod', ...config };
  return { refId: 'deploy', type: 'deploy', name: 'Deploy to prod', config: where, requires: ['approve'] };
}
function clears(refId: string, config: object) {
  return {
    refId,
    type: 'disableCluster',
    name: 'Clear',
    config: { environment: 'prod', remainingEnabled: 0, ...config },
  };
}

async function stepsOf() {
  const { stages, regions } = await previewDeployment(engineer, wanted);
  const deploy = stages.find(({ type }) => type === 'deploy');
  const steps = deploy?.steps?.map(({ type, name, instances }) => {
    const { serverGroup, shares } = name.values;
    return [type, serverGroup ?? shares ?? '', ...(instances === null ? [] : [instances])].join(' ');
  });
  return { deploy, steps, stages, regions };
}

describe('what a strategy would do', () => {
  it('begins with a canary at its own size, and gives the platform just that', async () => {
    const asked: ServerGroupSpec[] = [];
    platform(async (spec) => {
      asked.push(spec);
      return [];
    });
    await pipelineOf([
      APPROVE,
      deploys({ strategy: 'canary', options: { sizePercent: 50, steps: [{ weight: 10 }] } }),
    ]);
    const { steps, stages } = await stepsOf();
    expect(steps).toEqual([
      'upsertLoadBalancer ',
      'createServerGroup catalog-prod-v007 1',
      'setWeights catalog-prod-v007 10 %, catalog-prod-v006 90 %',
      'enableServerGroup catalog-prod-v007',
      'resizeServerGroup catalog-prod-v007 2',
      'setWeights catalog-prod-v007 100 %, catalog-prod-v006 0 %',
      'disableServerGroup catalog-prod-v006',
    ]);
    expect(asked[0]).toMatchObject({ name: 'catalog-prod-v007', capacity: { min: 1, desired: 1, max: 4 } });
    expect(stages.map(({ refId, steps: own }) => [refId, own?.length])).toEqual([
      ['approve', 0],
      ['deploy', 7],
    ]);
  });

  it('shows a canary and its baseline with their numbers, where no platform tells what it writes', async () => {
    platform();
    const options = { config: 'errors', lifetimeSeconds: 60, intervalSeconds: 60 };
    await pipelineOf([APPROVE, deploys({ strategy: 'automatedcanary', options })]);
    const { steps, regions } = await stepsOf();
    expect(steps?.slice(1, 4)).toEqual([
      'createServerGroup catalog-prod-v007 1',
      'createServerGroup catalog-prod-v008 1',
      'setWeights catalog-prod-v007 10 %, catalog-prod-v008 10 %, catalog-prod-v006 80 %',
    ]);
    expect(steps).toContain('destroyServerGroup catalog-prod-v007');
    expect(regions).toMatchObject([{ region: 'eu', serverGroup: 'catalog-prod-v008', able: false }]);
  });

  it('refuses what the guard refuses, and says where nothing serves when nobody guards it', async () => {
    platform();
    await pipelineOf([APPROVE, deploys({ strategy: 'recreate' })]);
    const refused = await stepsOf();
    expect(refused.deploy).toMatchObject({ steps: null, refusal: { key: 'engine.deploy.interrupts' } });
    expect(refused.regions).toEqual([]);
    await pipelineOf([APPROVE, deploys({ strategy: 'recreate' })], false);
    const { deploy } = await stepsOf();
    expect(deploy?.steps?.map(({ type, warning }) => [type, warning?.key])).toContainEqual([
      'disableServerGroup',
      'outlook.nothingServes',
    ]);
  });

  it('says that shares come by instance count where the platform keeps no weights', async () => {
    platform();
    const config = { strategy: 'canary', options: { steps: [{ weight: 10, pauseSeconds: 1 }] } };
    await pipelineOf([APPROVE, deploys(config)]);
    const warnings = async () => {
      const { deploy } = await stepsOf();
      return (deploy?.steps ?? []).filter(({ type }) => type === 'setWeights').map(({ warning }) => warning);
    };
    expect(new Set(await warnings())).toEqual(new Set([null]));
    const place = { account: 'local', region: 'eu', name: 'catalog-prod', application: 'catalog' };
    const data = { ...place, url: null, targets: [], sharedBy: 'instances' as const };
    await world.db.insert(loadBalancers).values({ ...place, data });
    onTestFinished(async () => {
      await world.db.delete(loadBalancers).where(eq(loadBalancers.name, place.name));
    });
    expect((await warnings())[0]).toEqual({ key: 'outlook.byInstances', values: {} });
  });

  it('tells every environment that the pipeline delivers to, and what the platform of each would be given', async () => {
    platform(async ({ name }) => [{ kind: 'ReplicaSet', name, before: null, after: 'new' }]);
    const staging = { ...deploys({ environment: 'staging', strategy: 'redblack' }), refId: 'staging' };
    await pipelineOf([APPROVE, staging, deploys({ strategy: 'redblack' })]);
    const { stages, regions } = await stepsOf();
    expect(stages.map(({ environment, steps }) => [environment, steps?.length])).toEqual([
      [null, 0],
      ['staging', expect.any(Number)],
      ['prod', 4],
    ]);
    const told = regions.map(({ environment, account, region, serverGroup }) =>
      [environment, account, region, serverGroup].join(' '),
    );
    expect(told).toContain('staging local eu catalog-staging-v007');
    expect(told).toContain('prod local eu catalog-prod-v007');
  });

  it('counts no instances in the steps of an environment whose platform has none', async () => {
    platform();
    const config = { regions: ['eu-west-1'], imageUri: '{name}' };
    await world.db.insert(accounts).values({ name: 'functions', provider: 'lambda', config });
    const account = (name: string) =>
      world.db.update(environments).set({ account: name }).where(eq(environments.name, 'staging'));
    await account('functions');
    vi.spyOn(lambdaProvider, 'load').mockResolvedValue({
      describeCluster: async () => [],
    } as unknown as Provider);
    const staging = { ...deploys({ environment: 'staging', strategy: 'redblack' }), refId: 'staging' };
    await pipelineOf([APPROVE, staging, deploys({ strategy: 'redblack' })]);
    const { stages } = await stepsOf();
    const sizes = stages.map(({ steps }) =>
      steps?.flatMap(({ type, instances }) => (type === 'createServerGroup' ? instances : [])),
    );
    await account('local');
    expect(sizes).toEqual([[], [null, null], [2]]);
  });

  it('announces what the guard will refuse', async () => {
    platform();
    await pipelineOf([clears('clear', {})]);
    const { stages } = await stepsOf();
    expect(stages[0]?.steps).toMatchObject([
      { type: 'disableServerGroup', refusal: { key: 'engine.guard.refused', values: { healthyAfter: 0 } } },
    ]);
  });

  it('tells no steps that hang on what comes before', async () => {
    platform();
    const staging = "${artifact.version == '1.1.0' ? 'staging' : 'x'}";
    await pipelineOf([
      { ...clears('clear', {}), requires: ['deploy'] },
      { ...deploys({ strategy: 'redblack' }) },
      APPROVE,
      { ...clears('other', { environment: staging }), requires: ['deploy'] },
      clears('depends', { environment: '${stages.deploy.status}' }),
      { ...clears('never', {}), when: "artifact.version == '9'" },
    ]);
    const { stages } = await stepsOf();
    const of = (refId: string) => stages.find((one) => one.refId === refId);
    expect(of('deploy')?.steps).toHaveLength(4);
    expect(of('never')?.later?.key).toBe('engine.expression.skipped');
    expect(of('clear')?.later).toEqual({ key: 'outlook.afterStage', values: { stage: 'Deploy to prod' } });
    expect(of('depends')?.later?.key).toBe('outlook.depends');
    expect(of('other')?.steps).toMatchObject([{ type: 'disableServerGroup', region: 'eu' }]);
  });
});
