import { type AwsConfig, awsConfigSchema } from '@/server/providers/aws/config';
import type { ProviderManifest } from '@/server/providers/provider';

export const awsProvider: ProviderManifest<AwsConfig> = {
  kind: 'aws',
  label: 'AWS',
  configSchema: awsConfigSchema,
  capabilities: {
    weightedTraffic: true,
    instances: true,
    mirroring: false,
    firewalls: true,
    bake: true,
    jobs: false,
  },
  swept: true,
  regionsOf: ({ regions }) => regions.map(({ region }) => region),
  async load(account, config) {
    const { createAwsProvider } = await import('@/server/providers/aws/adapter');
    return createAwsProvider(account, config);
  },
};
