import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TryAgain } from '@/server/metrics/retry';
import { MetricsError } from '@/server/metrics/source';

const url = z.url({ protocol: /^https?$/ });

/**
 * Where the local cloud is. Without any of them the environment says it: `SIGNALBOX_CLOUD_URL` and
 * `SIGNALBOX_CLOUD_TOKEN`, which the supervisor sets for its own.
 */
export const localConfigSchema = z
  .strictObject({
    /** The file that the local cloud writes at its start: follows a changed port and holds the token. */
    endpointFile: z.string().min(1).optional(),
    url: url.optional(),
    tokenSecret: z.string().min(1).optional(),
  })
  .refine((config) => (config.url === undefined) === (config.tokenSecret === undefined), {
    message: 'an address needs its token, and a token its address',
    path: ['tokenSecret'],
  });
export type LocalConfig = z.infer<typeof localConfigSchema>;

const endpointSchema = z.object({ url, token: z.string().min(1) });
export type Endpoint = z.infer<typeof endpointSchema>;

/**
 * Finds it anew for every read, because a restart may have moved it.
 * @throws MetricsError `access` that says what to set, `unavailable` while its file is not there yet.
 */
export async function findEndpoint(
  config: LocalConfig,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Endpoint> {
  const { endpointFile } = config;
  if (endpointFile !== undefined) return readEndpoint(endpointFile);
  const found = endpointSchema.safeParse({
    url: config.url ?? environment.SIGNALBOX_CLOUD_URL,
    token: config.tokenSecret ?? environment.SIGNALBOX_CLOUD_TOKEN,
  });
  if (found.success) return found.data;
  throw new MetricsError(
    'access',
    'Where the local cloud is, is not known. Set SIGNALBOX_CLOUD_URL and SIGNALBOX_CLOUD_TOKEN, or give an address.',
  );
}

async function readEndpoint(path: string): Promise<Endpoint> {
  try {
    return endpointSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new TryAgain('The local cloud is not running: the file of its address is not there.', null, {
      cause: error,
    });
  }
}
