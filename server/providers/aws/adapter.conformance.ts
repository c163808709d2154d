import { awsProvider } from '@/server/providers/aws/manifest';
import { ACCOUNT, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { providerContract } from '@/server/providers/contract.suite';

providerContract('AWS as moto plays it', async () => {
  const { provider, artifacts, stop } = await makeAwsBench();
  return {
    provider,
    account: ACCOUNT,
    region: REGION,
    capabilities: awsProvider.capabilities,
    artifacts,
    stop,
  };
});
