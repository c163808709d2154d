import { readFileSync } from 'node:fs';
import { DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';

const ROLE = 'arn:aws:iam::222222222222:role/signalbox-managed';
const policySchema = z.object({ Statement: z.array(z.object({ Action: z.array(z.string()) })) });

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench({ roleArn: ROLE, externalId: 'contract-7' });
});
afterAll(() => bench?.stop());

/** What only the test itself asks, to play the machine and the people who keep a rule. */
const OWN = ['ec2:StopInstances', 'elasticloadbalancing:CreateRule'];

describe('an account by its role', () => {
  it('is asked for with the external id, and needs each permission of the policy and no other', async () => {
    const { provider, proxy } = bench;
    const assumed = proxy.calls.find(({ action }) => action === 'AssumeRole');
    expect([assumed?.parameters.get('RoleArn'), assumed?.parameters.get('ExternalId')]).toEqual([
      ROLE,
      'contract-7',
    ]);
    const from = proxy.calls.length;
    await everything();
    const used = new Set(
      proxy.calls
        .slice(from)
        .filter(({ service }) => service !== 'sts')
        .map(({ service, action }) => `${service}:${action}`),
    );
    for (const action of OWN) used.delete(action);
    const policy = policySchema.parse(JSON.parse(readFileSync('server/providers/aws/policy.json', 'utf8')));
    // To hand a role on is no call of its own.
    const allowed = policy.Statement.flatMap(({ Action }) => Action).filter((one) => one !== 'iam:PassRole');
    expect([...used].toSorted()).toEqual(allowed.toSorted());
    expect(await provider.check?.()).toMatchObject({ ok: true, problems: [] });
  });
});

/** Every verb once. */
async function everything(): Promise<void> {
  const { provider, artifacts, proxy } = bench;
  const place = { region: REGION, application: 'policy' };
  const rule = { protocol: 'tcp' as const, fromPort: 80, toPort: 80, source: '10.0.0.0/8' };
  const firewall = { account: ACCOUNT, ...place, name: 'policy-fw', rules: [rule] };
  await provider.upsertFirewall(operation(), firewall);
  await provider.upsertFirewall(operation(), { ...firewall, rules: [{ ...rule, toPort: 81 }] });
  const { name } = await provider.upsertLoadBalancer(operation(), { ...place, name: 'policy-lb' });
  const group = (version: string, enabled: boolean) => ({
    ...place,
    cluster: 'policy',
    name: `policy-${version}`,
    artifact: artifacts[0],
    capacity: { min: 0, desired: 1, max: 2 },
    config: { A: 'b' },
    loadBalancers: [name],
    enabled,
  });
  const [old, fresh] = [group('v000', true), group('v001', false)];
  await provider.createServerGroup(operation(), old);
  await proxy.failLaunches(fresh.name, 'no capacity');
  await provider.createServerGroup(operation(), fresh);
  await provider.describe();
  await proxy.failLaunches(fresh.name, null);
  await provider.resizeServerGroup(operation(), fresh, { min: 0, desired: 2, max: 2 });
  await provider.enableServerGroup(operation(), fresh);
  await provider.setWeights(operation(), { region: REGION, name }, { [old.name]: 1, [fresh.name]: 1 });
  await provider.disableServerGroup(operation(), old);
  await provider.enableServerGroup(operation(), old);
  const [seen] = await provider.describeCluster({ account: ACCOUNT, ...place, cluster: 'policy' });
  await provider.terminateInstance(operation(), old, seen?.instances[0]?.id ?? '');
  await provider.destroyServerGroup(operation(), old);
  await routes(name);
  await bakes();
}

/** A rule that others keep, and that a group gets its requests by. */
async function routes(name: string): Promise<void> {
  const { elb } = clientsOf(bench.config, REGION);
  const listener = bench.proxy.calls.findLast(({ action }) => action === 'ModifyListener')?.parameters;
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listener?.get('ListenerArn') ?? '',
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', Values: [`/${name}`] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    }),
  );
  const route = { loadBalancer: 'policy-rule', arn: Rules?.[0]?.RuleArn ?? '' };
  const regions = bench.config.regions.map((region) => ({ ...region, routes: [route] }));
  const provider = createAwsProvider(ACCOUNT, { ...bench.config, regions });
  await provider.upsertLoadBalancer(operation(), {
    region: REGION,
    name: 'policy-rule',
    application: 'policy',
  });
  await provider.createServerGroup(operation(), {
    region: REGION,
    application: 'policy',
    cluster: 'policy-rule',
    name: 'policy-rule-v000',
    artifact: bench.artifacts[0],
    capacity: { min: 0, desired: 1, max: 1 },
    config: {},
    loadBalancers: ['policy-rule'],
    enabled: true,
  });
}

/** One to its end, and one that is canceled. */
async function bakes(): Promise<void> {
  const { provider, artifacts, proxy } = bench;
  const { bakery } = provider;
  if (!bakery) throw new Error('AWS bakes');
  const bake = (name: string) => ({
    region: REGION,
    application: 'policy',
    name,
    from: artifacts[0],
    into: { name, version: '1' },
    command: [],
    config: {},
    timeoutSeconds: 60,
  });
  await bakery.start(operation(), bake('policy-canceled'));
  await bakery.cancel(operation(), bake('policy-canceled'));
  await bakery.start(operation(), bake('policy-bake'));
  proxy.sayOnConsole('signalbox-bake: exit 0');
  const { Reservations = [] } = await describeMachine('policy-bake');
  const ids = Reservations.flatMap(({ Instances = [] }) =>
    Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
  );
  await clientsOf(bench.config, REGION).ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
  await expect.poll(async () => (await bakery.describe(bake('policy-bake')))?.status).toBe('succeeded');
}

async function describeMachine(bake: string) {
  const Filters = [{ Name: 'tag:signalbox:bake', Values: [bake] }];
  return clientsOf(bench.config, REGION).ec2.send(new DescribeInstancesCommand({ Filters }));
}
