import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InventoryAnswer } from '@/server/providers/local/api-types';

/** A platform that somebody else runs: it says what it holds, and a test may take it away. */
export interface ForeignPlatform {
  /** For the settings of an account. */
  readonly endpointFile: string;
  /** Never to be seen anywhere. */
  readonly token: string;
  /** What it holds from now on. */
  hold(inventory: Partial<InventoryAnswer>): void;
  /** No connection is answered any more. */
  stop(): Promise<void>;
}

type ForeignGroup = InventoryAnswer['serverGroups'][number];

/** One group that a controller of the platform keeps. */
export function foreignGroup(
  application: string,
  instances: number,
  changes: Partial<ForeignGroup> = {},
): ForeignGroup {
  const name = changes.name ?? `${application}-7d9f4c`;
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    region: 'shop',
    application,
    cluster: application,
    name,
    sequence: null,
    artifact: { name: application, version: '2.4.0', digest: `sha256:${'7'.repeat(64)}` },
    capacity: { min: 0, desired: instances, max: instances },
    instances: Array.from({ length: instances }, (_, index) => ({
      id: `${name}-${index}`,
      health: 'healthy' as const,
      reason: null,
      startedAt: createdAt,
      address: null,
      restarts: 0,
      memoryBytes: null,
    })),
    enabled: true,
    traffic: 1,
    loadBalancers: [application],
    createdAt,
    configKeys: [],
    managedBy: { kind: 'Deployment', name: application },
    ...changes,
  };
}

export async function startForeignPlatform(): Promise<ForeignPlatform> {
  const token = 'hunter2-of-the-platform';
  let held: InventoryAnswer = { serverGroups: [], loadBalancers: [], firewalls: [] };
  const watchers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'unauthorized', message: 'the token is not right' } }));
      return;
    }
    if (request.url === '/v1/changes') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"type":"ready"}\n');
      watchers.add(response);
      response.on('close', () => watchers.delete(response));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(request.url?.includes('/logs') ? { stdout: ['listening on 8080'], stderr: [] } : held),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const beat = setInterval(() => tell(watchers, { type: 'heartbeat' }), 1_000);
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-foreign-'));
  const endpointFile = join(dir, 'endpoint.json');
  // Listening on TCP, so the address is not a path.
  const { port } = server.address() as AddressInfo;
  await writeFile(endpointFile, JSON.stringify({ url: `http://127.0.0.1:${port}`, token }));
  return {
    endpointFile,
    token,
    hold(inventory) {
      held = { ...held, ...inventory };
      tell(watchers, { type: 'change', region: null, application: null, cluster: null });
    },
    async stop() {
      clearInterval(beat);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function tell(watchers: ReadonlySet<ServerResponse>, line: unknown): void {
  for (const watcher of watchers) watcher.write(`${JSON.stringify(line)}\n`);
}
