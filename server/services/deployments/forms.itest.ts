import { afterEach, describe, expect, it } from 'vitest';
import { artifacts, executions, pins, vetoes } from '@/db/schema';
import type { ApplicationDefinition } from '@/server/domain/pipeline';
import { applyApplication } from '@/server/services/applications/apply';
import { startDeployment } from '@/server/services/deployments/start';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import { getEvidence } from '@/server/services/judgments/evidence';
import { catalogDefinition, DIGEST, openGate, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const admin = await world.as('admin');
const IMAGE = `sha256:${'7'.repeat(64)}`;
const machineImage = { name: 'catalog.ami', version: '1.1.0', digest: IMAGE };

/** Staging runs the package, prod the machine image; one pipeline goes to both. */
function twoForms(more: ApplicationDefinition['pipelines'] = []): ApplicationDefinition {
  const { environments, ...rest } = catalogDefinition('catalog');
  const deploy = (environment: string, requires: string[]) => ({
    refId: environment,
    type: 'deploy',
    name: environment,
    requires,
    config: { environment, strategy: 'redblack' },
  });
  const gate = {
    refId: 'approve',
    type: 'manualJudgment',
    name: 'Approve',
    requires: ['staging'],
    config: {},
  };
  const stages = [deploy('staging', []), gate, deploy('prod', ['approve'])];
  return {
    ...rest,
    environments: environments.map((one) => ({
      ...one,
      pipeline: 'release',
      artifact: one.name === 'prod' ? 'catalog.ami' : 'catalog',
    })),
    pipelines: [{ name: 'release', description: '', parameters: [], stages }, ...more],
  };
}

const release = (version: string) =>
  startExecution(
    admin,
    startExecutionInput.parse({
      application: 'catalog',
      pipeline: 'release',
      artifacts: [{ name: 'catalog', version }],
    }),
  );

afterEach(async () => {
  await db.delete(executions);
  await db.delete(pins);
  await db.delete(vetoes);
});

describe('a pipeline that delivers a version in several forms', () => {
  it('does not start when one of them is missing, and says how to get it', async () => {
    await applyApplication(admin, twoForms());
    await expect(release('1.1.0')).rejects.toMatchObject({
      code: 'not_found',
      message:
        'There is no version 1.1.0 of catalog.ami, which is what prod runs. Publish it as catalog.ami 1.1.0 first. Nothing was deployed.',
    });
    await expect(
      startDeployment(admin, { artifact: 'catalog', environment: 'staging', version: '1.1.0' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await db.select().from(executions)).toEqual([]);
  });

  it('names the pipeline that bakes the missing one', async () => {
    const config = {
      environment: 'prod',
      name: 'catalog.ami',
      version: '${artifact.version}',
      command: ['/bin/true'],
    };
    const stages = [{ refId: 'bake', type: 'bake', name: 'Bake', requires: [], config }];
    await applyApplication(
      admin,
      twoForms([{ name: 'make-image', description: '', parameters: [], stages }]),
    );
    await expect(release('1.1.0')).rejects.toMatchObject({
      message: expect.stringContaining('It is baked by the pipeline "make-image": run that first.'),
    });
  });

  it('starts when all are there, and minds a veto of any of them and a pin to any of them', async () => {
    await applyApplication(admin, twoForms());
    await db.insert(artifacts).values(machineImage);
    await release('1.1.0');
    const pin = { application: 'catalog', account: 'local', cluster: 'catalog-prod', version: '1.1.0' };
    await db.insert(pins).values({ ...pin, digest: IMAGE, reason: 'fair', by: 'Ada' });
    await release('1.1.0');
    await db.delete(pins);
    await db.insert(pins).values({ ...pin, digest: DIGEST['1.0.0'], reason: 'fair', by: 'Ada' });
    await expect(release('1.1.0')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('catalog-prod is pinned'),
    });
    await db.delete(pins);
    await db.insert(vetoes).values({ digest: IMAGE, reason: 'old kernel', by: 'Ada' });
    await expect(release('1.1.0')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('catalog.ami 1.1.0 may not be deployed'),
    });
  });

  it('shows at a gate the form that goes in behind it', async () => {
    await applyApplication(admin, twoForms());
    await db.insert(artifacts).values(machineImage).onConflictDoNothing();
    const { executionId } = await release('1.1.0');
    await openGate(world, executionId);
    const evidence = await getEvidence(admin, { executionId, refId: 'approve' });
    expect(evidence).toMatchObject({ environment: 'prod', artifact: machineImage });
    expect(evidence.change.map(({ to }) => to)).toEqual(
      ['eu', 'us'].map(() => ({ version: '1.1.0', digest: IMAGE })),
    );
    expect(evidence.warnings.map(({ key }) => key)).toContain('evidence.warning.neverRanBefore');
  });
});
