import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { operation } from '@/server/providers/contract-support';
import {
  ACCOUNT,
  type LambdaBench,
  makeLambdaBench,
  REGION,
} from '@/server/providers/lambda/testing/fixture';

const policySchema = z.object({ Statement: z.array(z.object({ Action: z.array(z.string()) })) });
/** What AWS asks for on its own account while it performs another call. */
const WITHOUT_A_CALL = ['iam:PassRole', 's3:GetObject', 'lambda:TagResource'];

let bench: LambdaBench;
beforeAll(async () => {
  bench = await makeLambdaBench();
});
afterAll(() => bench?.stop());

it('an account needs each permission of the policy and no other', async () => {
  const { provider, artifacts, proxy } = bench;
  const place = { region: REGION, application: 'policy', cluster: 'policy' };
  const balancer = { region: REGION, name: 'policy' };
  const group = (version: string, sequence: number) => ({
    ...place,
    name: `policy-${version}`,
    artifact: artifacts[sequence] ?? artifacts[0],
    capacity: { min: 1, desired: 1, max: 1 },
    config: { A: 'b' },
    loadBalancers: ['policy'],
    enabled: true,
  });
  const [old, fresh] = [group('v000', 0), group('v001', 1)];
  await provider.upsertLoadBalancer(operation(), { ...place, ...balancer });
  await provider.createServerGroup(operation(), old);
  await provider.createServerGroup(operation(), fresh);
  await provider.setWeights(operation(), balancer, { [old.name]: 1, [fresh.name]: 3 });
  await provider.describe();
  await provider.describeCluster({ account: ACCOUNT, ...place });
  await provider.destroyServerGroup(operation(), old);
  const checked = await provider.check?.();
  expect(checked).toMatchObject({ ok: true, problems: [] });
  expect(checked?.facts.at(-1)).toContain('was not tried');

  const used = new Set(proxy.calls.map(({ action }) => `lambda:${action}`));
  const policy = policySchema.parse(JSON.parse(readFileSync('server/providers/lambda/policy.json', 'utf8')));
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  expect([...used, ...WITHOUT_A_CALL].toSorted()).toEqual(allowed.toSorted());
});
