import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { environments, executions, pins, pipelines, vetoes } from '@/db/schema';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { readDeployObjections } from '@/server/services/deployments/objections';
import { startDeployment } from '@/server/services/deployments/start';
import { DIGEST, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');
const wanted = { artifact: 'catalog', environment: 'prod', version: '1.1.0' };
const held = { application: 'catalog', account: 'local', version: '1.0.0', digest: DIGEST['1.0.0'] };

afterEach(async () => {
  await db.delete(executions);
  await db.delete(pins);
  await db.delete(vetoes);
});

const pin = (cluster: string) =>
  db.insert(pins).values({ ...held, cluster, reason: 'checkout is slow', by: 'Ada' });

/** One pipeline for both environments. */
async function delivers(more: object = {}) {
  const stages = ['staging', 'prod'].map((environment) => ({
    refId: environment,
    type: 'deploy',
    name: `Deploy to ${environment}`,
    config: { environment, strategy: 'redblack' },
  }));
  const definition = pipelineDefinitionSchema.parse({ name: 'deploy-prod', stages, ...more });
  await db.update(pipelines).set({ definition }).where(eq(pipelines.name, 'deploy-prod'));
}

describe('what stands against a deploy', () => {
  it('is nothing where a start is let through', async () => {
    expect(await readDeployObjections(engineer, wanted)).toEqual([]);
    await startDeployment(engineer, wanted);
  });

  it('is all at once what a start is refused for, everywhere the pipeline goes', async () => {
    await delivers();
    await pin('catalog-staging');
    await pin('catalog-prod');
    const veto = { reason: 'errors', by: 'Ada' };
    await db.insert(vetoes).values({ ...veto, digest: DIGEST['1.1.0'] });
    expect(await readDeployObjections(engineer, wanted)).toMatchObject([
      { kind: 'vetoed', artifact: 'catalog', version: '1.1.0', veto },
      { kind: 'pinned', environment: 'staging', cluster: 'catalog-staging', pin: { version: '1.0.0' } },
      { kind: 'pinned', environment: 'prod', cluster: 'catalog-prod', pin: { by: 'Ada' } },
    ]);
    await expect(startDeployment(engineer, wanted)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('holds a pin against other versions only, and a form that is missing against where it is run', async () => {
    await delivers();
    await pin('catalog-prod');
    expect(await readDeployObjections(engineer, { ...wanted, version: '1.0.0' })).toEqual([]);
    await db.update(environments).set({ artifact: 'catalog.ami' }).where(eq(environments.name, 'staging'));
    expect(await readDeployObjections(engineer, { ...wanted, version: '1.0.0' })).toEqual([
      { kind: 'missing', environment: 'staging', artifact: 'catalog.ami', version: '1.0.0', bakedBy: [] },
    ]);
    await db.update(environments).set({ artifact: 'catalog' }).where(eq(environments.name, 'staging'));
  });

  it('is a pin where the deploy was asked for, although no stage names the place', async () => {
    const stages = [{ refId: 'a', type: 'wait', name: 'Wait', config: { seconds: 1 } }];
    await delivers({ stages });
    await pin('catalog-prod');
    expect(await readDeployObjections(engineer, wanted)).toMatchObject([
      { kind: 'pinned', environment: 'prod' },
    ]);
  });

  it('is a pipeline that is out of use', async () => {
    await delivers({ disabled: true });
    expect(await readDeployObjections(engineer, wanted)).toMatchObject([
      { kind: 'pipeline', pipeline: 'deploy-prod', why: expect.stringContaining('is disabled') },
    ]);
  });
});
