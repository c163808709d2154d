import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '@/server/local-cloud/atomic-file';

const endpointSchema = z.object({ url: z.url(), token: z.string(), pid: z.number() });
/** Where a client on the same machine finds the platform. */
export type Endpoint = z.infer<typeof endpointSchema>;

/** Readable by its owner only: it holds the token. */
export function writeEndpoint(dir: string, endpoint: Endpoint): Promise<void> {
  return writeFileAtomically(pathIn(dir), JSON.stringify(endpoint), 0o600);
}

/** The last run's, if its file is there and whole. */
export async function readEndpoint(dir: string): Promise<Endpoint | null> {
  try {
    return endpointSchema.parse(JSON.parse(await readFile(pathIn(dir), 'utf8')));
  } catch {
    return null;
  }
}

/** How this machine reaches a listener: one that takes every interface is reached on loopback. */
export function addressOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  if (everywhere) return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function pathIn(dir: string): string {
  return join(dir, 'endpoint.json');
}
