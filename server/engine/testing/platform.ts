import { join } from 'node:path';
import type { DatabaseHandle } from '@/db/client';
import { accounts, applications, environments } from '@/db/schema';
import type { ArtifactRef, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import { disposeCloud, startCloudProcess } from '@/server/local-cloud/testing/cloud-process';
import { createLocalProvider } from '@/server/providers/local/adapter';
import type { Provider } from '@/server/providers/provider';

export const ACCOUNT = 'laptop';
export const REGIONS = ['eu', 'us'];

export interface TestPlatform {
  readonly provider: Provider;
  readonly cloud: Awaited<ReturnType<typeof startCloudProcess>>;
  publish(version: string, tgz: Buffer): Promise<ArtifactRef>;
  groups(cluster: string, region?: string): Promise<ServerGroup[]>;
  loadBalancer(cluster: string, region?: string): Promise<LoadBalancer>;
  stop(): Promise<void>;
}

/** A real local cloud, known to the database as an account. */
export async function testPlatform(database: DatabaseHandle): Promise<TestPlatform> {
  const cloud = await startCloudProcess();
  const endpointFile = join(cloud.dir, 'endpoint.json');
  await database.db.insert(accounts).values({ name: ACCOUNT, provider: 'local', config: { endpointFile } });
  const provider = createLocalProvider(ACCOUNT, { endpointFile });
  return {
    provider,
    cloud,
    async publish(version, tgz) {
      if (!provider.artifacts) throw new Error('the local cloud keeps artifacts');
      return provider.artifacts.publish('shop', version, tgz);
    },
    groups: (cluster, region = 'eu') =>
      provider.describeCluster({ account: ACCOUNT, region, application: 'shop', cluster }),
    async loadBalancer(cluster, region = 'eu') {
      const { loadBalancers } = await provider.describe();
      const found = loadBalancers.find((one) => one.name === cluster && one.region === region);
      if (!found) throw new Error(`no load balancer ${cluster} in ${region}`);
      return found;
    },
    stop: () => disposeCloud(cloud),
  };
}

/** The environment `name` of the application shop, with the cluster `shop-<name>`. */
export async function environment(
  database: DatabaseHandle,
  name: string,
  changes: Partial<typeof environments.$inferInsert> = {},
): Promise<string> {
  await database.db.insert(applications).values({ name: 'shop' }).onConflictDoNothing();
  await database.db.insert(environments).values({
    application: 'shop',
    name,
    account: ACCOUNT,
    regions: REGIONS,
    cluster: `shop-${name}`,
    capacity: { min: 1, desired: 1, max: 2 },
    artifact: 'shop',
    pipeline: 'deploy',
    ...changes,
  });
  return `shop-${name}`;
}

/** A client that keeps asking. `stop` answers what it saw. */
export function keepAsking(url: string): {
  stop(): Promise<{ answers: string[]; failures: string[] }>;
  latest(): string;
} {
  const answers: string[] = [];
  const failures: string[] = [];
  let stopped = false;
  const asking = (async () => {
    while (!stopped) {
      try {
        const response = await fetch(url);
        const served = response.headers.get('x-served-by') ?? '';
        await response.arrayBuffer();
        if (response.ok) answers.push(served);
        else failures.push(`${response.status} by ${served}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
  })();
  return {
    async stop() {
      stopped = true;
      await asking;
      return { answers, failures };
    },
    latest: () => answers.at(-1) ?? '',
  };
}
