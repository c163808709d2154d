import { desc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accounts, applications, audit, environments, pipelines } from '@/db/schema';
import { type ApplicationDefinition, applicationDefinitionSchema } from '@/server/domain/pipeline';
import { applyApplication } from '@/server/services/applications/apply';
import { CANARY, catalogDefinition, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');

/** A definition with one thing changed. */
function changed(change: (definition: ApplicationDefinition) => void): ApplicationDefinition {
  const definition = applicationDefinitionSchema.parse({ ...catalogDefinition('shop') });
  change(definition);
  return definition;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

describe('an application as code', () => {
  it('becomes its environments, clusters and pipelines, and again what a later definition says', async () => {
    expect(await applyApplication(engineer, catalogDefinition('shop'))).toEqual({
      name: 'shop',
      created: true,
    });
    const own = eq(environments.application, 'shop');
    expect(await db.select().from(environments).where(own).orderBy(environments.order)).toMatchObject([
      { name: 'staging', cluster: 'shop-staging' },
      { name: 'prod', cluster: 'shop-prod', config: { SECRET_NAME: CANARY } },
    ]);
    const smaller = changed((definition) => {
      definition.description = 'Smaller now';
      definition.environments.pop();
      definition.pipelines.pop();
    });
    expect(await applyApplication(engineer, smaller)).toEqual({ name: 'shop', created: false });
    expect(await db.select().from(environments).where(own)).toMatchObject([{ name: 'staging' }]);
    expect(await db.select().from(pipelines).where(eq(pipelines.application, 'shop'))).toMatchObject([
      { name: 'deploy-staging', revision: 1 },
    ]);
  });

  it('leaves before and after in the audit trail, with names of configuration values and without the values', async () => {
    await applyApplication(engineer, catalogDefinition('shop'));
    const [entry] = await db
      .select()
      .from(audit)
      .where(eq(audit.application, 'shop'))
      .orderBy(desc(audit.id))
      .limit(1);
    expect(entry).toMatchObject({
      action: 'application.update',
      after: { environments: [{ name: 'prod' }, { name: 'staging' }] },
    });
    expect(JSON.stringify([entry?.before, entry?.after])).toContain('SECRET_NAME');
    expect(JSON.stringify([entry?.before, entry?.after])).not.toContain(CANARY);
  });

  const wrong: readonly (readonly [string, (definition: ApplicationDefinition) => void, string])[] = [
    [
      'an account that there is not',
      (d) => (at(d.environments, 0).account = 'moon'),
      'environments.0.account',
    ],
    [
      'a pipeline that there is not',
      (d) => (at(d.environments, 1).pipeline = 'nope'),
      'environments.1.pipeline',
    ],
    ['an environment twice', (d) => (at(d.environments, 1).name = 'staging'), 'environments'],
    ['a region twice', (d) => (at(d.environments, 0).regions = ['eu', 'eu']), 'environments.0.regions'],
    [
      'two environments that would share a cluster',
      (d) => (at(d.environments, 1).stack = 'staging'),
      'environments.1.stack',
    ],
    [
      'a stack that reads as a sequence',
      (d) => (at(d.environments, 0).stack = 'v001'),
      'environments.0.stack',
    ],
    [
      'a stage type that there is not',
      (d) => (at(at(d.pipelines, 0).stages, 0).type = 'dance'),
      'pipelines.0.stages.0.type',
    ],
    [
      'a stage type that only the engine makes',
      (d) => (at(at(d.pipelines, 0).stages, 0).type = 'createServerGroup'),
      'pipelines.0.stages.0.type',
    ],
    [
      'a strategy that there is not',
      (d) => (at(at(d.pipelines, 0).stages, 0).config = { environment: 'staging', strategy: 'luck' }),
      'pipelines.0.stages.0.config.strategy',
    ],
    [
      'options that the strategy does not take',
      (d) =>
        (at(at(d.pipelines, 0).stages, 0).config = {
          environment: 'staging',
          strategy: 'redblack',
          options: { keep: 0 },
        }),
      'pipelines.0.stages.0.config.options.keep',
    ],
    [
      'a deploy to an environment that there is not',
      (d) => (at(at(d.pipelines, 0).stages, 0).config = { environment: 'moon', strategy: 'redblack' }),
      'pipelines.0.stages.0.config.environment',
    ],
    [
      'a stage that requires one that there is not',
      (d) => (at(at(d.pipelines, 1).stages, 1).requires = ['x']),
      'pipelines.1.stages.1.requires',
    ],
    [
      'two stages of one name',
      (d) => (at(at(d.pipelines, 1).stages, 1).refId = 'approve'),
      'pipelines.1.stages.0.refId',
    ],
    ['a circle', (d) => (at(at(d.pipelines, 1).stages, 0).requires = ['deploy']), 'pipelines.1.stages'],
  ];
  const unnamable: readonly (readonly [string, string, (d: ApplicationDefinition) => void, string])[] = [
    [
      'a stack that is too long',
      'kubernetes',
      (d) => (at(d.environments, 0).stack = `a${'x'.repeat(50)}`),
      'environments.0.stack: "a.* cannot be used on Kubernetes, .*names of its pods leave room for 57',
    ],
    [
      'an environment whose name is in the way',
      'kubernetes',
      (d) => (at(d.environments, 0).name = 'qa_1'),
      'environments.0.name: "qa_1" cannot be used on Kubernetes, because cluster name shop-qa_1 must .*give .* stack',
    ],
    [
      'an application whose name is in the way',
      'lambda',
      (d) => (d.name = 'shop.api'),
      '^The application is not valid. name: "shop.api" cannot be used on AWS Lambda, .*at most 64.$',
    ],
    [
      'names that are too long together',
      'lambda',
      (d) => (at(d.environments, 1).stack = 'x'.repeat(60)),
      'environments.1.stack: .*"shop-x*" cannot be the name of a function: letters, .*at most 64',
    ],
  ];
  it.each(unnamable)('has no name that its platform cannot hold: %s', async (_, provider, edit, told) => {
    const config = { namespaces: ['shop'] };
    await world.db.insert(accounts).values({ name: provider, provider, config }).onConflictDoNothing();
    const definition = changed((given) => {
      // Their pipelines name one of them by its own name.
      given.pipelines = given.pipelines.map((one) => ({ ...one, stages: [] }));
      for (const environment of given.environments) environment.account = provider;
      edit(given);
    });
    await expect(applyApplication(engineer, definition)).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringMatching(new RegExp(told)),
    });
  });

  it('has no environment for an artifact that nobody could register', () => {
    const definition = catalogDefinition('shop');
    const [first, ...others] = definition.environments;
    const environments = [{ ...first, artifact: 'shop-fn' }, ...others];
    const read = applicationDefinitionSchema.safeParse({ ...definition, environments });
    expect(read.error?.issues).toMatchObject([
      { path: ['environments', 0, 'artifact'], message: expect.stringContaining('use lower-case letters') },
    ]);
  });

  it('may have environments of one stack in two accounts', async () => {
    await db.insert(accounts).values({ name: 'elsewhere', provider: 'local', config: {} });
    const apart = changed((definition) => {
      at(definition.environments, 1).stack = 'staging';
      at(definition.environments, 1).account = 'elsewhere';
    });
    expect(await applyApplication(engineer, apart)).toMatchObject({ name: 'shop' });
  });

  it('says where it has a field that there is not', () => {
    const [staging, prod] = catalogDefinition('shop').environments;
    const read = applicationDefinitionSchema.safeParse({
      name: 'shop',
      onwer: 'me',
      environments: [staging, { ...prod, gaurded: true, capacity: { ...prod?.capacity, dsired: 1 } }],
    });
    expect(read.error?.issues.map(({ path }) => path.join('.')).toSorted()).toEqual([
      '',
      'environments.1',
      'environments.1.capacity',
    ]);
  });

  it.each(wrong)('is refused with the place of what is wrong: %s', async (_name, change, path) => {
    const before = await db.select().from(applications);
    const refused = await applyApplication(engineer, changed(change)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'bad_request', message: expect.stringContaining(`${path}: `) });
    expect(await db.select().from(applications)).toEqual(before);
  });
});
