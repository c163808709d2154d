import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stages } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { systemClock } from '@/server/domain/clock';
import type { ArtifactRef } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { callPolicy, DEFAULT_LIMITS } from '@/server/engine/access/call-policy';
import { guardedProvider } from '@/server/engine/access/guarded-provider';
import { runWorker, type Worker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, pipeline, silent, stage, start } from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { testService } from '@/server/local-cloud/testing/artifacts';
import { createLocalProvider } from '@/server/providers/local/adapter';
import { localConfigSchema } from '@/server/providers/local/manifest';
import { type Provider, ProviderError } from '@/server/providers/provider';
import { providers } from '@/server/providers/registry';

/** One outage is enough to have the account left alone, for longer than the test takes. */
const STRICT = { ...DEFAULT_LIMITS, breakAfter: 1, halfOpenAfterMs: 600_000 };

const database = await testDatabase();
const draining = { held: true, asked: 0 };
let platform: TestPlatform;
let worker: Worker;
let artifact: ArtifactRef;

/** The groups of one cluster never get done with what they were asked before, until they are let. */
function drainsSlowly(provider: Provider): Provider {
  return {
    ...provider,
    async destroyServerGroup(op, group) {
      if (draining.held && group.name.startsWith('shop-slow')) {
        draining.asked += 1;
        throw new ProviderError('pending', 'Its targets are still answering.');
      }
      await provider.destroyServerGroup(op, group);
    },
  };
}

beforeAll(async () => {
  platform = await testPlatform(database);
  artifact = await platform.publish('1.0.0', await testService('1.0.0'));
  worker = await runWorker({
    database: { ...database, close: async () => undefined },
    stageTypes,
    providers: {
      local: {
        ...providers.local,
        load: async (account, config) =>
          guardedProvider(
            drainsSlowly(createLocalProvider(account, localConfigSchema.parse(config))),
            callPolicy(account, systemClock, STRICT),
          ),
      },
    },
    version: 'test',
    logger: silent,
    onLost: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

const deployTo = (name: string) =>
  start(database, pipeline(stage('deploy', 'deploy', { environment: name, strategy: 'redblack' })), {
    artifact,
  });

it('lets others in the account go on while a group takes its time, and says what it waits for', async () => {
  for (const name of ['slow', 'quick']) await environment(database, name, { regions: ['eu'] });
  // Twice, so that there is one that serves and one that may go.
  for (const name of ['slow', 'slow']) expect(await ended(database, await deployTo(name))).toBe('succeeded');
  const leaving = stage('leave', 'destroyServerGroups', { environment: 'slow', target: 'oldest' });
  const slow = await start(database, pipeline(leaving));
  await expect.poll(() => draining.asked).toBeGreaterThan(2);

  expect(await ended(database, await deployTo('quick'))).toBe('succeeded');

  const rows = await database.db.select().from(stages).where(eq(stages.executionId, slow));
  const reasons = rows.flatMap(({ waiting }) => (waiting?.kind === 'platform' ? [waiting.reason] : []));
  expect(reasons).toEqual([
    message('engine.platformPending', { reason: 'Its targets are still answering.' }),
  ]);
  draining.held = false;
  expect(await ended(database, slow)).toBe('succeeded');
}, 90_000);
