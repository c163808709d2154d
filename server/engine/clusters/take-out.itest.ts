import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import type { GroupTarget } from '@/server/engine/clusters/target';
import { takeTrafficOut } from '@/server/engine/clusters/traffic';
import type { StageContext } from '@/server/engine/stages/stage';
import { ProviderError } from '@/server/providers/provider';
import { serverGroup } from '@/server/strategies/testing/cluster';

const { db } = await testDatabase();
const LEFT_IN = 'shop-v000 is still among the endpoints of Service shop';

/** A stage that takes one of two groups out of traffic, on a platform that never gets done with it. */
function takesOut(afterMs: number) {
  const group = { ...serverGroup(0, '1.0.0', true, 1), traffic: 0.5 };
  const other = { ...serverGroup(1, '1.1.0', true, 1), traffic: 0.5 };
  const startedAt = new Date('2026-01-01T00:00:00.000Z');
  const { account, region, application, cluster, name } = group;
  const context = {
    config: { account, region, application, cluster, serverGroup: name, timeoutSeconds: 600 },
    signal: new AbortController().signal,
    stage: { id: randomUUID(), startedAt, outputs: {}, log: [] },
    services: {
      db,
      clock: { now: () => new Date(startedAt.getTime() + afterMs) },
      provider: async () => ({
        describeCluster: async () => [group, other],
        disableServerGroup: async () => {
          throw new ProviderError('pending', LEFT_IN);
        },
      }),
    },
  };
  // The task reads nothing else of its context.
  return takeTrafficOut.run(context as unknown as StageContext<GroupTarget>);
}

it('asks a platform again that takes its time with taking a group out, and says what for when time is over', async () => {
  await expect(takesOut(599_000)).rejects.toThrow(LEFT_IN);
  expect(await takesOut(600_000)).toMatchObject({
    status: 'errored',
    error: { key: 'engine.traffic.notYet', values: { reason: LEFT_IN } },
  });
});
