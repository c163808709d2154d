import { awsProvider } from '@/server/providers/aws/manifest';
import { ACCOUNT, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { providerContract } from '@/server/providers/contract.suite';

// moto routes no request, and runs nothing: bakes are tested in bake/bakery.conformance.ts.
const declares = { capabilities: awsProvider.capabilities, shows: ['weights', 'check'] } as const;

providerContract('AWS as moto plays it', declares, async () => {
  const { provider, artifacts, stop } = await makeAwsBench();
  return {
    provider,
    account: ACCOUNT,
    region: REGION,
    artifacts,
    stop,
  };
});
