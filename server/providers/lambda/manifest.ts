import { type LambdaConfig, lambdaConfigSchema } from '@/server/providers/lambda/config';
import { clusterNameObjection } from '@/server/providers/lambda/words/function-name';
import type { ProviderManifest } from '@/server/providers/provider';

export const lambdaProvider: ProviderManifest<LambdaConfig> = {
  kind: 'lambda',
  label: 'AWS Lambda',
  swept: true,
  regionsOf: ({ regions }) => regions,
  clusterNameObjection,
  configSchema: lambdaConfigSchema,
  capabilities: {
    weightedTraffic: true,
    instances: false,
    mirroring: false,
    firewalls: false,
    bake: false,
    jobs: false,
  },
  async load(account, config) {
    const { createLambdaProvider } = await import('@/server/providers/lambda/adapter');
    return createLambdaProvider(account, config);
  },
};
