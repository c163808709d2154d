import { expect, it } from 'vitest';
import { executions, stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import type { GroupTarget } from '@/server/engine/clusters/target';
import { waitTraffic } from '@/server/engine/clusters/traffic';
import type { StageContext } from '@/server/engine/stages/stage';
import type { Provider } from '@/server/providers/provider';
import { serverGroup } from '@/server/strategies/testing/cluster';

const database = await testDatabase();
const { db } = database;
const REFUSED = 'Gateway front does not take HTTPRoute shop: NoMatchingParent';

/** A stage that lets traffic into a group, as a step of another one, and a clock that stands until it is moved. */
async function step(parentType: string) {
  const [execution] = await db
    .insert(executions)
    .values({
      application: 'shop',
      pipeline: 'p',
      pipelineRevision: 1,
      definition: { name: 'p', description: '', parameters: [], stages: [] },
      trigger: { kind: 'manual', by: 'kim', userId: null, note: '' },
      parameters: {},
      openStages: 1,
    })
    .returning();
  if (!execution) throw new Error('no execution');
  const stageOf = async (refId: string, type: string, parentId: string | null) => {
    const name = message('stage', {});
    const values = {
      executionId: execution.id,
      refId,
      type,
      name,
      parentId,
      config: {},
      requires: [],
      position: 0,
    };
    const [row] = await db
      .insert(stages)
      .values({ ...values, openUpstream: 0, onFailure: 'haltPipeline' })
      .returning();
    if (!row) throw new Error('no stage');
    return row;
  };
  const parent = await stageOf('a', parentType, null);
  const own = await stageOf('a.1', 'enableServerGroup', parent.id);
  const group: ServerGroup = { ...serverGroup(0, '1.0.0', true, 1), traffic: 1, loadBalancers: ['shop'] };
  const now = new Date('2026-01-01T00:00:00.000Z');
  let outputs: Record<string, unknown> = {};
  const config: GroupTarget = {
    account: group.account,
    region: group.region,
    application: group.application,
    cluster: group.cluster,
    serverGroup: group.name,
    timeoutSeconds: 600,
  };
  return {
    group,
    async look(afterMs = 0) {
      now.setTime(now.getTime() + afterMs);
      const context = {
        config,
        signal: new AbortController().signal,
        stage: { id: own.id, startedAt: new Date('2026-01-01T00:00:00.000Z'), outputs, log: [] },
        services: {
          db,
          clock: { now: () => now },
          // Only this verb is asked.
          provider: async () => ({ describeCluster: async () => [group] }) as unknown as Provider,
        },
      };
      // The task reads nothing else of its context.
      const answer = await waitTraffic.run(context as unknown as StageContext<GroupTarget>);
      outputs = { ...outputs, ...answer.outputs };
      return answer;
    },
  };
}

it('ends with the reason when no requests come although the group is enabled, after a moment', async () => {
  const { group, look } = await step('deploy');
  group.unreached = REFUSED;
  expect(await look()).toMatchObject({
    status: 'running',
    waiting: { reason: { key: 'engine.wait.unreached', values: { reason: REFUSED } } },
  });
  expect((await look(4_000)).status).toBe('running');
  expect(await look(1_000)).toMatchObject({
    status: 'errored',
    error: { key: 'engine.traffic.unreached', values: { serverGroup: group.name, reason: REFUSED } },
  });
});

it('goes on once the platform takes it back', async () => {
  const { group, look } = await step('deploy');
  group.unreached = REFUSED;
  expect((await look()).status).toBe('running');
  delete group.unreached;
  expect((await look(60_000)).status).toBe('succeeded');
});

it('waits for the answer to a change, and goes on without one after a moment', async () => {
  const { group, look } = await step('deploy');
  group.unanswered = true;
  expect(await look()).toMatchObject({
    status: 'running',
    waiting: { reason: { key: 'engine.wait.unanswered' } },
  });
  expect((await look(4_000)).status).toBe('running');
  expect((await look(1_000)).status).toBe('succeeded');
});

it('ends with the reason when the answer to a change is a refusal', async () => {
  const { group, look } = await step('deploy');
  group.unanswered = true;
  expect((await look()).status).toBe('running');
  delete group.unanswered;
  group.unreached = REFUSED;
  expect((await look(500)).status).toBe('running');
  expect(await look(5_000)).toMatchObject({ status: 'errored', error: { values: { reason: REFUSED } } });
});

it('never holds up the way back', async () => {
  const { group, look } = await step('rollbackCluster');
  group.unanswered = true;
  expect((await look()).status).toBe('succeeded');
  group.unreached = REFUSED;
  expect((await look()).status).toBe('succeeded');
});
