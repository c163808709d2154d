import { expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { waitHealthy } from '@/server/engine/clusters/health';
import type { GroupTarget } from '@/server/engine/clusters/target';
import type { StageContext } from '@/server/engine/stages/stage';
import { ACCOUNT, environment } from '@/server/engine/testing/platform';
import type { Provider } from '@/server/providers/provider';
import { serverGroup } from '@/server/strategies/testing/cluster';

const database = await testDatabase();
const PASSWORD = 'correct-horse-battery';
const PULL = 'ImagePullBackOff: shop:9.9.9 is not there';

/** One group whose instances a test changes, and a clock that stands until it is moved. */
async function world(name: string) {
  await database.db
    .insert(accounts)
    .values({ name: ACCOUNT, provider: 'local', config: {} })
    .onConflictDoNothing();
  const cluster = await environment(database, name, { config: { PASSWORD } });
  const now = new Date('2026-01-01T00:00:00.000Z');
  const group: ServerGroup = { ...serverGroup(0, '1.0.0', false, 1, 2), cluster };
  let log: () => Promise<string> = async () => '';
  const provider = {
    describeCluster: async () => [group],
    readLog: () => log(),
  };
  let outputs: Record<string, unknown> = {};
  const config: GroupTarget = {
    account: ACCOUNT,
    region: 'eu',
    application: 'shop',
    cluster,
    serverGroup: group.name,
    timeoutSeconds: 600,
  };
  const context = () => ({
    config,
    signal: new AbortController().signal,
    stage: { startedAt: new Date('2026-01-01T00:00:00.000Z'), outputs, log: [] },
    services: {
      db: database.db,
      clock: { now: () => now },
      // Only these two verbs are asked.
      provider: async () => provider as unknown as Provider,
    },
  });
  return {
    async look(afterMs = 0) {
      now.setTime(now.getTime() + afterMs);
      // The task reads nothing else of its context.
      const answer = await waitHealthy.run(context() as unknown as StageContext<GroupTarget>);
      outputs = { ...outputs, ...answer.outputs };
      return answer;
    },
    instance(changes: Partial<Instance>) {
      const [first, second] = group.instances;
      if (!first || !second) throw new Error('the group has two instances');
      group.instances = [first, { ...second, ...changes }];
    },
    writes(text: string) {
      log = async () => text;
    },
    saysNothing() {
      log = () => Promise.reject(new Error('the container never started'));
    },
  };
}

const stuck = { id: 'b', health: 'starting', reason: PULL, blocked: PULL } as const;

it('gives up on an instance that stays blocked, with the reason and the last lines it wrote', async () => {
  const { look, instance, writes } = await world('blocked');
  writes(`listening\nError: cannot sign in with ${PASSWORD}\n    at main.js:1\n`);
  instance(stuck);

  const first = await look();
  expect(first).toMatchObject({ status: 'running', retryAfterMs: expect.any(Number) });
  expect(await look(4_000)).toMatchObject({ status: 'running' });
  const last = await look(1_000);

  expect(last).toMatchObject({
    status: 'failed',
    error: {
      key: 'engine.health.blocked',
      values: { healthy: 1, wanted: 2, reason: `${PULL} Error: cannot sign in with •••` },
    },
  });
  const told = (last.log ?? []).map(({ key, values }) => values.text ?? key);
  expect(told).toEqual([
    'engine.health.lastLines',
    'listening',
    'Error: cannot sign in with •••',
    '    at main.js:1',
  ]);
});

it('believes no platform that takes it back', async () => {
  const { look, instance } = await world('fickle');
  instance(stuck);
  expect((await look()).status).toBe('running');
  instance({ id: 'b', health: 'starting', reason: null, blocked: undefined });
  expect((await look(4_000)).status).toBe('running');
  instance(stuck);
  expect((await look(4_000)).status).toBe('running');
  expect((await look(5_000)).status).toBe('failed');
});

it('counts anew when another instance is blocked', async () => {
  const { look, instance } = await world('another');
  instance(stuck);
  expect((await look()).status).toBe('running');
  instance({ ...stuck, id: 'c' });
  expect((await look(6_000)).status).toBe('running');
});

it('tells the failure also when the instance never wrote anything', async () => {
  const { look, instance, saysNothing } = await world('mute');
  saysNothing();
  instance(stuck);
  await look();
  const answer = await look(5_000);
  expect(answer).toMatchObject({ status: 'failed', error: { values: { reason: PULL } }, log: [] });
});
