import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { ended, expectNoJobsLeft, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { startWorker } from '@/server/engine/testing/worker-process';
import { type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { serviceLog } from '@/server/providers/aws/testing/service-log';

/** The worker as it ships is killed while AWS works on what it asked: the call takes effect after its death. */

const ACCOUNT = 'amazon';
const INSTANCES = 2;
const PATIENCE_MS = 180_000;

const cases = await Promise.all(
  [
    'CreateLaunchTemplate',
    'CreateAutoScalingGroup',
    'AttachLoadBalancerTargetGroups',
    'ModifyListener',
    'DetachLoadBalancerTargetGroups',
  ].map(async (action, index) => ({ action, name: `crash${index}`, database: await testDatabase() })),
);

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

function worker(url: string) {
  return startWorker('server/worker.ts', {
    DATABASE_URL: url,
    AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? '',
    AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  });
}

describe('a deploy whose worker is killed', { timeout: 2 * PATIENCE_MS }, () => {
  it.each(cases)(
    'while $action is under way is finished by another worker, once',
    async ({ action, name, database }) => {
      const { proxy, provider, artifacts, config } = bench;
      await database.db
        .insert(accounts)
        .values({ name: ACCOUNT, provider: 'aws', config: { ...config, regions: [...config.regions] } });
      const capacity = { min: 1, desired: INSTANCES, max: 4 };
      const cluster = await environment(database, name, {
        account: ACCOUNT,
        regions: [REGION],
        capacity,
        artifact: 'contract',
      });
      const deploy = (artifact: ArtifactRef) =>
        start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy: 'redblack' })), {
          artifact,
        });
      const victim = await worker(database.url);
      expect(await ended(database, await deploy(artifacts[0]), PATIENCE_MS)).toBe('succeeded');
      const from = proxy.calls.length;
      proxy.hold(action, true);
      const id = await deploy(artifacts[1]);
      await expect.poll(() => proxy.held(action), { timeout: PATIENCE_MS }).toBeGreaterThan(0);
      victim.kill('SIGKILL');
      expect(await victim.exited).toBe('SIGKILL');
      proxy.hold(action, false);
      const heir = await worker(database.url);
      const status = await ended(database, id, PATIENCE_MS);
      await expectNoJobsLeft(database);
      heir.kill('SIGKILL');
      await heir.exited;

      expect(status).toBe('succeeded');
      const groups = await provider.describeCluster({
        account: ACCOUNT,
        region: REGION,
        application: 'shop',
        cluster,
      });
      expect(
        groups.map((group) => [group.name, group.enabled, group.instances.length, group.traffic]),
      ).toEqual([
        [`${cluster}-v000`, false, INSTANCES, 0],
        [`${cluster}-v001`, true, INSTANCES, 1],
      ]);
      const since = proxy.calls.slice(from);
      const created = since.filter((call) => call.action === 'CreateAutoScalingGroup' && call.status < 300);
      expect(created).toHaveLength(1);
      expect(serviceLog(since).gaps).toEqual([]);
    },
  );
});
