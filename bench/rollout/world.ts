import { pause } from '@/bench/support/statistics';
import { createDatabase } from '@/db/client';
import { migrateDatabase } from '@/db/migrate';
import type { ServerGroup } from '@/server/domain/inventory';
import { isComplete } from '@/server/domain/status';
import { executionRow, pipeline, stage, start } from '@/server/engine/testing/harness';
import { ACCOUNT, environment, REGIONS, testPlatform } from '@/server/engine/testing/platform';
import { startWorker } from '@/server/engine/testing/worker-process';
import { tgz } from '@/server/local-cloud/testing/artifacts';

/** A real worker and a real local cloud in processes of their own. */
export interface RolloutWorld {
  /** An environment with a cluster in each region. @returns its name. */
  place(name: string): Promise<string>;
  /** Answers when the execution has succeeded. */
  deploy(place: string, version: string, strategy: string, options: Record<string, unknown>): Promise<void>;
  rollBack(place: string): Promise<void>;
  /** Gives all traffic to a version by the platform's own calls. */
  swap(place: string, version: string): Promise<void>;
  urls(place: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function createWorld(url: string): Promise<RolloutWorld> {
  await migrateDatabase(url, 'db/migrations');
  const database = createDatabase(url, { max: 4 });
  const platform = await testPlatform(database);
  const artifacts = new Map(
    await Promise.all(
      ['1.0.0', '1.1.0'].map(
        async (version) => [version, await platform.publish(version, await service(version))] as const,
      ),
    ),
  );
  const worker = await startWorker('server/worker.ts', { DATABASE_URL: url });

  async function finish(executionId: string): Promise<void> {
    for (;;) {
      const { status, error } = await executionRow(database, executionId);
      if (status === 'succeeded') return;
      if (isComplete(status)) throw new Error(`the execution ended as ${status}: ${JSON.stringify(error)}`);
      await pause(10);
    }
  }
  const swapIn = async (region: string, groups: readonly ServerGroup[], version: string) => {
    const operation = (verb: string, group: ServerGroup) => ({
      id: `bench:${verb}:${group.name}:${Date.now()}`,
      fence: 1,
    });
    const wanted = groups.filter((group) => group.artifact.version === version);
    const others = groups.filter((group) => group.artifact.version !== version);
    for (const group of wanted)
      await platform.provider.enableServerGroup(operation('on', group), { region, name: group.name });
    for (const group of others)
      await platform.provider.disableServerGroup(operation('off', group), { region, name: group.name });
  };

  return {
    async place(name) {
      await environment(database, name, { capacity: { min: 1, desired: 2, max: 4 } });
      return name;
    },
    async deploy(place, version, strategy, options) {
      const artifact = artifacts.get(version) ?? null;
      const deploy = stage('deploy', 'deploy', { environment: place, strategy, options });
      await finish(await start(database, pipeline(deploy), { artifact, environment: place }));
    },
    async rollBack(place) {
      const config = { account: ACCOUNT, application: 'shop', cluster: `shop-${place}`, regions: REGIONS };
      await finish(await start(database, pipeline(stage('rollback', 'rollbackCluster', config))));
    },
    async swap(place, version) {
      await Promise.all(
        REGIONS.map(async (region) =>
          swapIn(region, await platform.groups(`shop-${place}`, region), version),
        ),
      );
    },
    urls: (place) =>
      Promise.all(
        REGIONS.map(async (region) => (await platform.loadBalancer(`shop-${place}`, region)).url ?? ''),
      ),
    async stop() {
      worker.kill('SIGTERM');
      await worker.exited;
      await database.close();
      await platform.stop();
    },
  };
}

/** A service that says its version to everyone and ends its requests before it ends. */
function service(version: string): Promise<Buffer> {
  return tgz({
    'signalbox.json': JSON.stringify({ command: ['node', 'server.mjs'], healthPath: '/health' }),
    'server.mjs': `
      import { createServer } from 'node:http';
      const server = createServer((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ version: '${version}' }));
      });
      server.listen(Number(process.env.PORT), '127.0.0.1');
      process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
    `,
  });
}
