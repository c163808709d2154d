import { z } from 'zod';
import type { ProviderManifest } from '@/server/providers/provider';

/**
 * Where the local cloud is. Without any of them the environment says it: `SIGNALBOX_CLOUD_URL` and
 * `SIGNALBOX_CLOUD_TOKEN`. The token itself never stands here, because accounts are stored and served.
 */
export const localConfigSchema = z.strictObject({
  /** The file that the local cloud writes at its start: follows a changed port and holds the token. */
  endpointFile: z.string().min(1).optional(),
  url: z.url().optional(),
  /** Name of the environment variable that holds the token. */
  tokenEnv: z.string().min(1).optional(),
});
export type LocalConfig = z.infer<typeof localConfigSchema>;

export const localProvider: ProviderManifest<LocalConfig> = {
  kind: 'local',
  label: 'Local cloud',
  configSchema: localConfigSchema,
  capabilities: {
    weightedTraffic: true,
    instances: true,
    mirroring: false,
    firewalls: true,
    bake: true,
    jobs: true,
  },
  async load(account, config) {
    const { createLocalProvider } = await import('@/server/providers/local/adapter');
    return createLocalProvider(account, config);
  },
};
