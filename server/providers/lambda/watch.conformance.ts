import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { operation } from '@/server/providers/contract-support';
import { createLambdaProvider } from '@/server/providers/lambda/adapter';
import {
  ACCOUNT,
  type LambdaBench,
  makeLambdaBench,
  REGION,
} from '@/server/providers/lambda/testing/fixture';

let bench: LambdaBench;
beforeAll(async () => {
  bench = await makeLambdaBench();
});
afterAll(() => bench?.stop());

it('the shares of an alias that we change are seen long before the next sweep', async () => {
  const place = { region: REGION, application: 'follow', cluster: 'follow' };
  const group = (sequence: 0 | 1) => ({
    ...place,
    name: `follow-v00${sequence}`,
    artifact: bench.artifacts[sequence],
    capacity: { min: 1, desired: 1, max: 1 },
    config: {},
    loadBalancers: ['follow'],
    enabled: true,
  });
  const provider = createLambdaProvider(ACCOUNT, { ...bench.config, sweepSeconds: 3_600 });
  await provider.upsertLoadBalancer(operation(), { ...place, name: 'follow' });
  await provider.createServerGroup(operation(), group(0));
  await provider.createServerGroup(operation(), group(1));
  const leaving = new AbortController();
  const watching = (async () => {
    for await (const _ of provider.watch(leaving.signal));
  })();
  onTestFinished(async () => {
    leaving.abort();
    await watching;
  });
  const shares = () => provider.observed?.()?.loadBalancers[0]?.targets.map(({ weight }) => weight);
  await expect.poll(shares).toEqual([0.5, 0.5]);

  const weights = { 'follow-v000': 1, 'follow-v001': 3 };
  await provider.setWeights(operation(), { region: REGION, name: 'follow' }, weights);

  await expect.poll(shares, { timeout: 20_000 }).toEqual([0.25, 0.75]);
}, 60_000);
