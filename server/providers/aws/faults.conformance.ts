import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@/server/domain/clock';
import type { ServerGroup } from '@/server/domain/inventory';
import { serverGroupName } from '@/server/domain/naming';
import { callPolicy, DEFAULT_LIMITS } from '@/server/engine/access/call-policy';
import { guardedProvider } from '@/server/engine/access/guarded-provider';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';
import type { ServerGroupSpec } from '@/server/providers/provider';

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

let counter = 0;
let cluster = '';
beforeEach(() => {
  cluster = `faults-c${counter++}`;
});

function spec(sequence: number, more: Partial<ServerGroupSpec> = {}): ServerGroupSpec {
  return {
    region: REGION,
    application: 'faults',
    cluster,
    name: serverGroupName(cluster, sequence),
    artifact: bench.artifacts[0],
    capacity: { min: 1, desired: 2, max: 4 },
    config: {},
    loadBalancers: [],
    enabled: true,
    ...more,
  };
}

function read(): Promise<ServerGroup[]> {
  return bench.provider.describeCluster({ account: ACCOUNT, region: REGION, application: 'faults', cluster });
}

/** A group that serves and one that waits, behind the same load balancer. */
async function pair() {
  const { provider } = bench;
  const { name } = await provider.upsertLoadBalancer(operation(), {
    region: REGION,
    name: `${cluster}-lb`,
    application: 'faults',
  });
  const [old, fresh] = [
    spec(0, { loadBalancers: [name] }),
    spec(1, { loadBalancers: [name], enabled: false }),
  ];
  await provider.createServerGroup(operation(), old);
  await provider.createServerGroup(operation(), fresh);
  return { provider, old, fresh, name };
}

async function traffic(): Promise<(number | undefined)[]> {
  return (await read()).map((group) => group.traffic);
}

describe('health that takes its time', () => {
  it('keeps requests from a group until its targets are healthy, and then lets them in', async () => {
    const { provider, fresh } = await pair();
    bench.proxy.holdHealth(true);
    const op = operation();
    await expect(provider.enableServerGroup(op, fresh)).rejects.toMatchObject({
      code: 'pending',
      retryable: true,
      message: expect.stringContaining(`Too few targets of ${fresh.name}`),
    });
    expect(await traffic()).toEqual([1, 0]);
    expect((await read())[1]?.instances.map(({ health }) => health)).toEqual(['starting', 'starting']);
    bench.proxy.holdHealth(false);
    await provider.enableServerGroup({ ...op, fence: 2 }, fresh);
    expect(await traffic()).toEqual([0.5, 0.5]);
  });

  it('gives a group that was created enabled its weight by the watch', async () => {
    const { provider, name } = await pair();
    bench.proxy.holdHealth(true);
    const third = spec(2, { loadBalancers: [name] });
    await provider.createServerGroup(operation(), third);
    expect(await traffic()).toEqual([1, 0, 0]);
    const leaving = new AbortController();
    const watching = (async () => {
      for await (const notice of provider.watch(leaving.signal)) expect(notice).toBeDefined();
    })();
    bench.proxy.holdHealth(false);
    await expect.poll(traffic).toEqual([0.5, 0, 0.5]);
    leaving.abort();
    await watching;
  });
});

describe('draining', () => {
  it('holds a destruction up while targets still answer, and loses nothing by it', async () => {
    const { provider, old, fresh } = await pair();
    await provider.enableServerGroup(operation(), fresh);
    bench.proxy.holdDraining(true);
    await provider.disableServerGroup(operation(), old);
    const op = operation();
    const limits = { ...DEFAULT_LIMITS, breakAfter: 1 };
    const guarded = guardedProvider(provider, callPolicy(ACCOUNT, systemClock, limits));
    await expect(guarded.destroyServerGroup(op, old)).rejects.toMatchObject({ code: 'pending' });
    // Nobody else in the account waits for it.
    await guarded.resizeServerGroup(operation(), fresh, { min: 1, desired: 2, max: 3 });
    expect((await read()).map(({ name, enabled }) => [name, enabled])).toEqual([
      [old.name, false],
      [fresh.name, true],
    ]);
    expect((await read())[0]?.instances).toHaveLength(2);
    bench.proxy.holdDraining(false);
    await provider.destroyServerGroup({ ...op, fence: 2 }, old);
    expect((await read()).map(({ name }) => name)).toEqual([fresh.name]);
  });
});

describe('an API that fails half-way', () => {
  it('is asked again when it throttles now and then', async () => {
    bench.proxy.throttle('CreateAutoScalingGroup', 1);
    await bench.provider.createServerGroup(operation(), spec(0));
    expect(await read()).toHaveLength(1);
  });

  it('ends in a sentence when it throttles on, and the same operation goes on where it stood', async () => {
    const { provider, old, fresh } = await pair();
    const op = operation();
    bench.proxy.throttle('ModifyListener', 10);
    await expect(provider.enableServerGroup(op, fresh)).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
      message: 'AWS did not modify listener: Rate exceeded (Throttling)',
    });
    expect(await traffic()).toEqual([1, 0]);
    bench.proxy.throttle('ModifyListener', 0);
    // By a worker that knows nothing of the one before.
    await createAwsProvider(ACCOUNT, bench.config).enableServerGroup({ ...op, fence: 2 }, fresh);
    expect(await traffic()).toEqual([0.5, 0.5]);
    bench.proxy.throttle('DetachLoadBalancerTargetGroups', 10);
    const disabling = operation();
    await expect(provider.disableServerGroup(disabling, old)).rejects.toMatchObject({ code: 'rate_limited' });
    // Its requests have gone to the other one already, and none is lost meanwhile.
    expect(await traffic()).toEqual([0, 1]);
    bench.proxy.throttle('DetachLoadBalancerTargetGroups', 0);
    await provider.disableServerGroup({ ...disabling, fence: 2 }, old);
    expect((await read()).map(({ enabled }) => enabled)).toEqual([false, true]);
  });

  it('creates one group when the answer of the creation is lost', async () => {
    bench.proxy.loseAnswer('CreateAutoScalingGroup');
    await bench.provider.createServerGroup(operation(), spec(0));
    const created = bench.proxy.calls.filter(
      ({ action, parameters }) =>
        action === 'CreateAutoScalingGroup' && parameters.get('AutoScalingGroupName') === spec(0).name,
    );
    expect(created.map(({ status }) => status)).toEqual([200, 400]);
    expect(await read()).toHaveLength(1);
  });
});

describe('launches that do not happen', () => {
  it('are seen as instances that are down, in the words of the failed activity', async () => {
    const { provider, proxy } = bench;
    const { name } = spec(0);
    const reason = 'We currently do not have sufficient t3.small capacity';
    await proxy.failLaunches(name, reason);
    await provider.createServerGroup(operation(), spec(0));
    const [group] = await read();
    expect(group?.capacity.desired).toBe(2);
    expect(group?.instances).toMatchObject([
      { health: 'down', reason, blocked: reason },
      { health: 'down', reason, blocked: reason },
    ]);
    await proxy.failLaunches(name, null);
    await expect
      .poll(async () => (await read())[0]?.instances.map(({ health }) => health))
      .toEqual(['healthy', 'healthy']);
  });
});

describe('the order of what is asked', () => {
  it('detaches nothing before the listener sends elsewhere', async () => {
    const { provider, old, fresh } = await pair();
    await provider.enableServerGroup(operation(), fresh);
    const from = bench.proxy.calls.length;
    await provider.disableServerGroup(operation(), old);
    const writes = bench.proxy.calls
      .slice(from)
      .map(({ action }) => action)
      .filter((action) => !action.startsWith('Describe'));
    expect(writes).toEqual([
      'CreateOrUpdateTags',
      'ModifyListener',
      'DetachLoadBalancerTargetGroups',
      'SuspendProcesses',
    ]);
  });
});
