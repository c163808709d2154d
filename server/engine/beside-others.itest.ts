import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { systemClock } from '@/server/domain/clock';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Engine } from '@/server/engine/engine';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { testService } from '@/server/local-cloud/testing/artifacts';
import type { Provider } from '@/server/providers/provider';

/** A platform on which somebody else has groups by the names of a cluster of ours. */

const database = await testDatabase();
let platform: TestPlatform;
let engine: Engine;
let artifact: ArtifactRef;

beforeAll(async () => {
  platform = await testPlatform(database);
  artifact = await platform.publish('1.0.0', await testService('1.0.0'));
  const provider: Provider = { ...platform.provider, takenSequences: async () => [0, 3] };
  engine = engineFor(database, stageTypes, {
    services: {
      db: database.db,
      clock: systemClock,
      outbound: { allow: [] },
      provider: async () => provider,
      metricsSource: () => Promise.reject(new Error('this test has no metrics')),
    },
  });
  engine.start();
}, 60_000);
afterAll(async () => {
  await engine.drain(1_000);
  await platform.stop();
});

it('a deploy gives its group the next number that nobody has, and then counts on from there', async () => {
  const cluster = await environment(database, 'beside', { regions: ['eu'] });
  for (const expected of [['v004'], ['v004', 'v005']]) {
    const deploy = stage('deploy', 'deploy', { environment: 'beside', strategy: 'redblack' });
    const id = await start(database, pipeline(deploy), { artifact, environment: 'beside' });
    expect(await ended(database, id, 30_000)).toBe('succeeded');
    expect((await platform.groups(cluster)).map(({ name }) => name.slice(-4))).toEqual(expected);
  }
}, 60_000);
