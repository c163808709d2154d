import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LocalConfig } from '@/server/providers/local/manifest';
import { ProviderError } from '@/server/providers/provider';

export interface Endpoint {
  readonly url: string;
  readonly token: string;
}

const endpointSchema = z.object({ url: z.url(), token: z.string().min(1) });

/**
 * Finds the local cloud anew for every request, because a restart may have moved it.
 * @throws ProviderError that says which setting is missing, `unavailable` while its file is not there yet.
 */
export async function locate(
  config: LocalConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Endpoint> {
  if (config.endpointFile !== undefined) return fromFile(config.endpointFile);
  const url = config.url ?? environment.SIGNALBOX_CLOUD_URL;
  if (!url) {
    throw new ProviderError('invalid', 'the local cloud’s address is unknown: set SIGNALBOX_CLOUD_URL');
  }
  const variable = config.tokenEnv ?? 'SIGNALBOX_CLOUD_TOKEN';
  const token = environment[variable];
  if (!token) throw new ProviderError('unauthorized', `the local cloud’s token is unknown: set ${variable}`);
  return { url, token };
}

async function fromFile(path: string): Promise<Endpoint> {
  try {
    return endpointSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new ProviderError(
      'unavailable',
      `the local cloud is not running: ${path} does not name its address`,
    );
  }
}
