import { providerContract } from '@/server/providers/contract.suite';
import { lambdaProvider } from '@/server/providers/lambda/manifest';
import { ACCOUNT, makeLambdaBench, REGION } from '@/server/providers/lambda/testing/fixture';

const declares = { capabilities: lambdaProvider.capabilities, shows: ['weights', 'check'] } as const;

providerContract('AWS Lambda as moto plays it', declares, async () => {
  const { provider, artifacts, stop } = await makeLambdaBench();
  return { provider, account: ACCOUNT, region: REGION, artifacts, stop };
});
