import { and, desc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { accounts, audit, executions, pins, serverGroups, stages, vetoes } from '@/db/schema';
import { message } from '@/server/domain/message';
import { startDeployment } from '@/server/services/deployments/start';
import { previewRollback } from '@/server/services/rollbacks/preview';
import { startRollback } from '@/server/services/rollbacks/start';
import { renderEnglish } from '@/server/services/shared/render-english';
import { DIGEST, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');
const prod = { application: 'catalog', cluster: 'catalog-prod' };
const rollBack = (ctx = engineer) => startRollback(ctx, { ...prod, reason: 'checkout is slow' });

beforeEach(async () => {
  for (const region of ['eu', 'us']) {
    await seeServerGroup(world, region, 'prod', 0, '1.0.0');
    await seeServerGroup(world, region, 'prod', 1, '1.1.0', { traffic: 1 });
  }
});

afterEach(async () => {
  await db.delete(executions);
  await db.delete(pins);
  await db.delete(vetoes);
  await db.delete(serverGroups);
});

describe('rolling back', () => {
  it('pins the good version, vetoes the bad artifact and starts, all in one', async () => {
    const { executionId } = await rollBack();
    const [pin] = await db.select().from(pins);
    expect(pin).toMatchObject({
      cluster: 'catalog-prod',
      version: '1.0.0',
      reason: 'checkout is slow',
      by: engineer.actor?.name,
    });
    expect((pin?.expiresAt?.getTime() ?? 0) - (pin?.at.getTime() ?? 0)).toBe(24 * 3_600_000);
    expect(await db.select().from(vetoes)).toMatchObject([
      { digest: DIGEST['1.1.0'], reason: 'checkout is slow' },
    ]);
    const [execution] = await db.select().from(executions).where(eq(executions.id, executionId));
    expect(execution).toMatchObject({ trigger: { kind: 'rollback' }, environment: 'prod', version: '1.0.0' });
    const restore = { eu: 'catalog-prod-v000', us: 'catalog-prod-v000' };
    expect(await db.select().from(stages)).toMatchObject([
      { type: 'rollbackCluster', config: { account: 'local', restore } },
    ]);
    const [entry] = await db.select().from(audit).orderBy(desc(audit.id)).limit(1);
    expect(entry).toMatchObject({
      action: 'cluster.rollback',
      subject: 'catalog-prod',
      before: { version: '1.1.0' },
      after: { version: '1.0.0' },
    });
    await expect(
      startDeployment(engineer, { artifact: 'catalog', environment: 'staging', version: '1.1.0' }),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('checkout is slow') });
  });

  it('answers the same rollback to the same key, also while that one has changed what there is to go back to', async () => {
    const again = () =>
      startRollback(engineer, { ...prod, reason: 'checkout is slow', idempotencyKey: 'page-7' });
    const [first, second] = await Promise.all([again(), again()]);
    expect(second).toEqual(first);
    for (const region of ['eu', 'us']) {
      await seeServerGroup(world, region, 'prod', 1, '1.1.0');
      await seeServerGroup(world, region, 'prod', 0, '1.0.0', { traffic: 1 });
    }
    expect(await again()).toEqual(first);
    expect(await db.select().from(executions)).toHaveLength(1);
  });

  it('is done once when two press the button at the same moment', async () => {
    const colleague = await world.as('releaseManager');
    const results = await Promise.allSettled([rollBack(), rollBack(), rollBack(colleague)]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await db.select().from(executions)).toHaveLength(1);
    expect(await db.select().from(pins)).toHaveLength(1);
  });

  it('is refused with a sentence, and changes nothing, when there is nothing to go back to', async () => {
    await db.delete(serverGroups).where(eq(serverGroups.name, 'catalog-prod-v000'));
    await expect(rollBack()).rejects.toMatchObject({
      code: 'conflict',
      message:
        'catalog-prod cannot be rolled back. There is no earlier server group with another artifact to go back to.',
    });
    await expect(
      startRollback(engineer, { ...prod, cluster: 'catalog-moon', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await db.select().from(pins)).toEqual([]);
    expect(await db.select().from(vetoes)).toEqual([]);
    expect(await db.select().from(executions)).toEqual([]);
  });

  it('withdraws a deploy that is at work on the cluster, and only that', async () => {
    const deploying = await startDeployment(engineer, {
      artifact: 'catalog',
      environment: 'prod',
      version: '1.1.0',
    });
    const waiting = await startDeployment(engineer, {
      artifact: 'catalog',
      environment: 'prod',
      version: '1.2.0',
    });
    await db.update(executions).set({ status: 'running' }).where(eq(executions.id, deploying.executionId));
    await db.update(stages).set({ status: 'running' }).where(eq(stages.executionId, deploying.executionId));
    expect((await previewRollback(engineer, prod)).withdraws).toEqual({
      executionId: deploying.executionId,
      version: '1.1.0',
    });
    await rollBack();
    const canceled = await db
      .select({ id: executions.id, by: executions.cancelRequestedBy })
      .from(executions);
    expect(canceled.find((one) => one.id === deploying.executionId)?.by).toBe(engineer.actor?.name);
    expect(canceled.find((one) => one.id === waiting.executionId)?.by).toBeNull();
  });

  it('is refused while the new version takes no traffic yet: then canceling is the way', async () => {
    const { executionId } = await startDeployment(engineer, {
      artifact: 'catalog',
      environment: 'prod',
      version: '1.2.0',
    });
    await db.update(executions).set({ status: 'running' }).where(eq(executions.id, executionId));
    await db
      .update(stages)
      .set({ status: 'running', slot: 'cluster:local/catalog-prod' })
      .where(and(eq(stages.executionId, executionId), eq(stages.type, 'deploy')));
    await expect(rollBack()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Cancel its deployment'),
    });
  });

  it('goes ahead past a deploy that still waits for the cluster, and withdraws that too', async () => {
    const { executionId } = await startDeployment(engineer, {
      artifact: 'catalog',
      environment: 'prod',
      version: '1.2.0',
    });
    await db.update(executions).set({ status: 'running' }).where(eq(executions.id, executionId));
    await db.update(stages).set({ status: 'running' }).where(eq(stages.executionId, executionId));
    await rollBack();
    const [queued] = await db.select().from(executions).where(eq(executions.id, executionId));
    expect(queued?.cancelRequestedBy).toBe(engineer.actor?.name);
  });
});

describe('the preview', () => {
  it('says what would happen, and changes nothing', async () => {
    const preview = await previewRollback(engineer, prod);
    expect(preview).toMatchObject({
      possible: true,
      why: null,
      environment: 'prod',
      regions: [
        {
          region: 'eu',
          from: { version: '1.1.0' },
          to: { serverGroup: 'catalog-prod-v000', version: '1.0.0' },
          instancesReady: 2,
        },
        { region: 'us' },
      ],
      serverless: false,
      expectedSeconds: 2,
      measured: false,
      startsFirst: null,
      pins: { version: '1.0.0', hours: 24 },
      vetoes: { version: '1.1.0', digest: DIGEST['1.1.0'] },
      currentPin: null,
      withdraws: null,
    });
    expect(preview.notUndone.map(renderEnglish)[0]).toContain('Data written by 1.1.0 stays');
    expect(await db.select().from(pins)).toEqual([]);
  });

  it('expects what the last rollback took', async () => {
    const { executionId } = await rollBack();
    const times = {
      startedAt: new Date('2026-01-01T00:00:00Z'),
      endedAt: new Date('2026-01-01T00:00:00.742Z'),
    };
    await db
      .update(stages)
      .set({ status: 'succeeded', ...times })
      .where(eq(stages.executionId, executionId));
    await db.update(executions).set({ endedAt: times.endedAt }).where(eq(executions.id, executionId));
    expect(await previewRollback(engineer, prod)).toMatchObject({ expectedSeconds: 0.7, measured: true });
  });

  it('speaks of no instances where the platform has none', async () => {
    await db.update(accounts).set({ provider: 'lambda' }).where(eq(accounts.name, 'local'));
    onTestFinished(async () => {
      await db.update(accounts).set({ provider: 'local' }).where(eq(accounts.name, 'local'));
    });
    await seeServerGroup(world, 'eu', 'prod', 0, '1.0.0', { health: [] });
    expect(await previewRollback(engineer, prod)).toMatchObject({ serverless: true, startsFirst: null });
  });

  it('says how many instances start first, and how long they took when they were last created', async () => {
    await seeServerGroup(world, 'eu', 'prod', 0, '1.0.0', { health: ['healthy', 'down'] });
    await seeServerGroup(world, 'us', 'prod', 0, '1.0.0', { health: [] });
    expect(await previewRollback(engineer, prod)).toMatchObject({
      startsFirst: { instances: 3, seconds: null },
      expectedSeconds: 2,
    });
    const { executionId } = await startDeployment(engineer, {
      artifact: 'catalog',
      environment: 'prod',
      version: '1.1.0',
    });
    await db.insert(stages).values({
      executionId,
      refId: 'deploy.create',
      type: 'createServerGroup',
      name: message('stage.wait', {}),
      requires: [],
      status: 'succeeded',
      config: { cluster: 'catalog-prod' },
      startedAt: new Date('2026-01-01T00:00:00Z'),
      endedAt: new Date('2026-01-01T00:00:39.5Z'),
    });
    expect(await previewRollback(engineer, prod)).toMatchObject({
      startsFirst: { instances: 3, seconds: 40 },
      expectedSeconds: 42,
    });
  });

  it('says why when it is not possible', async () => {
    await rollBack();
    const { possible, why } = await previewRollback(engineer, prod);
    expect(possible).toBe(false);
    expect(why && renderEnglish(why)).toBe(`${engineer.actor?.name} is rolling it back already.`);
  });
});
