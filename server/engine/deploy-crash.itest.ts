import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accounts } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { ended, expectNoJobsLeft, pipeline, stage, start } from '@/server/engine/testing/harness';
import {
  ACCOUNT,
  environment,
  keepAsking,
  type TestPlatform,
  testPlatform,
} from '@/server/engine/testing/platform';
import { startWorker } from '@/server/engine/testing/worker-process';
import { testService } from '@/server/local-cloud/testing/artifacts';

/** The worker as it ships is killed in the middle of replacing a version on a real platform. */

const home = await testDatabase();
const cases = await Promise.all(
  [
    'after-claim:6',
    'before-task:4',
    'after-task:3',
    'after-task:6',
    'after-task:9',
    'before-commit:12',
    'after-commit:15',
  ].map(async (crashAt, index) => ({ crashAt, name: `crash${index}`, database: await testDatabase() })),
);

let platform: TestPlatform;
let v1: ArtifactRef;
let v2: ArtifactRef;
beforeAll(async () => {
  platform = await testPlatform(home);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
}, 60_000);
afterAll(() => platform.stop());

describe.concurrent('a deploy whose worker is killed', () => {
  it.each(cases)(
    '$crashAt is finished by another worker, once, and no request fails',
    async ({ crashAt, name, database }) => {
      const endpointFile = join(platform.cloud.dir, 'endpoint.json');
      await database.db
        .insert(accounts)
        .values({ name: ACCOUNT, provider: 'local', config: { endpointFile } });
      const cluster = await environment(database, name);
      const deploy = (artifact: ArtifactRef) =>
        start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy: 'redblack' })), {
          artifact,
        });
      const first = await startWorker('server/worker.ts', { DATABASE_URL: database.url });
      expect(await ended(database, await deploy(v1), 40_000)).toBe('succeeded');
      first.kill('SIGTERM');
      expect(await first.exited).toBe(0);
      const client = keepAsking((await platform.loadBalancer(cluster)).url ?? '');

      const id = await deploy(v2);
      const victim = await startWorker('server/worker.ts', {
        DATABASE_URL: database.url,
        SIGNALBOX_CRASH_AT: crashAt,
      });
      expect(await victim.exited).toBe('SIGKILL');
      const heir = await startWorker('server/worker.ts', { DATABASE_URL: database.url });
      const status = await ended(database, id, 40_000);
      await expectNoJobsLeft(database);
      heir.kill('SIGKILL');
      await heir.exited;
      const { failures } = await client.stop();

      expect(status).toBe('succeeded');
      expect(failures).toEqual([]);
      for (const region of ['eu', 'us']) {
        const groups = await platform.groups(cluster, region);
        expect(
          groups.map((group) => [group.name, group.artifact.version, group.enabled, group.instances.length]),
        ).toEqual([
          [`${cluster}-v000`, '1.0.0', false, 1],
          [`${cluster}-v001`, '1.1.0', true, 1],
        ]);
      }
    },
    90_000,
  );
});
