import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { artifacts, notificationEndpoints, notifications } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { dispatchMoments } from '@/server/automation/notifications/dispatch';
import { systemClock } from '@/server/domain/clock';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import type { Worker } from '@/server/engine/run-worker';
import { ended, pipeline, silent, stage, start } from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { runTestWorker } from '@/server/engine/testing/worker';
import { testService } from '@/server/local-cloud/testing/artifacts';
import { secretBox } from '@/server/secrets/seal';

/** What is told of services that are really deployed, replaced and rolled back on a local cloud. */

const database = await testDatabase();
const { db } = database;
let platform: TestPlatform;
let worker: Worker;
let v1: ArtifactRef;
let v2: ArtifactRef;

const dispatch = () =>
  dispatchMoments(
    {
      database,
      clock: systemClock,
      secrets: secretBox('x'.repeat(32)),
      outbound: { allow: [] },
      logger: silent,
      url: 'https://signalbox.example',
    },
    new AbortController().signal,
  );

beforeAll(async () => {
  platform = await testPlatform(database);
  v1 = await platform.publish('1.0.0', await testService('1.0.0'));
  v2 = await platform.publish('1.1.0', await testService('1.1.0'));
  await db.insert(artifacts).values([v1, v2]);
  worker = await runTestWorker(database);
  const endpoint = { url: 'https://receiver.example', createdBy: 'a test' };
  await db.insert(notificationEndpoints).values([
    { name: 'plain', format: 'standard', ...endpoint },
    { name: 'cd', format: 'cdevents', ...endpoint },
  ]);
  await dispatch();
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
});

const telling = (...stages: Parameters<typeof pipeline>): PipelineDefinition => ({
  ...pipeline(...stages),
  notifications: ['plain', 'cd'].map((endpoint) => ({
    endpoint,
    events: ['service.deployed', 'service.rolledback'],
  })),
});
const deploy = stage('deploy', 'deploy', { environment: 'told', strategy: 'redblack' });

/** By the times that the messages name: those that are put down together share theirs. */
async function told(endpoint: string) {
  const rows = await db.select().from(notifications).where(eq(notifications.endpoint, endpoint));
  const at = ({ body }: (typeof rows)[number]) => String(body.time ?? body.timestamp);
  return rows.sort((a, b) => at(a).localeCompare(at(b)));
}

it('a first delivery, one that replaces it, and a rollback with what runs again', async () => {
  await environment(database, 'told', { regions: ['eu'] });
  const run = async (definition: PipelineDefinition, artifact: ArtifactRef) =>
    ended(database, await start(database, definition, { artifact, environment: 'told' }), 30_000);
  expect(await run(telling(deploy), v1)).toBe('succeeded');
  expect(await run(telling(deploy), v2)).toBe('succeeded');
  const back = stage('back', 'rollbackCluster', { environment: 'told', thenFail: true });
  expect(await run(telling(back), v2)).toBe('failed');
  await vi.waitFor(
    async () => {
      await dispatch();
      expect(await told('plain')).toHaveLength(3);
    },
    { timeout: 10_000 },
  );
  expect((await told('cd')).map(({ type, body }) => [type, body.subject, artifactId(body)])).toEqual([
    ['dev.cdevents.service.deployed.0.3.0', 'shop/told', expect.stringContaining('shop@1.0.0')],
    ['dev.cdevents.service.upgraded.0.3.0', 'shop/told', expect.stringContaining('shop@1.1.0')],
    ['dev.cdevents.service.rolledback.0.3.0', 'shop/told', expect.stringContaining('shop@1.0.0')],
  ]);
  const last = (await told('plain')).at(-1);
  expect(last?.body).toMatchObject({
    type: 'service.rolledback',
    data: { environment: 'told', artifact: { name: 'shop', version: '1.0.0', digest: v1.digest } },
  });
}, 90_000);

it('a version that goes to several environments is told in the form that each runs', async () => {
  await environment(database, 'formed', { regions: ['eu'] });
  const image = { name: 'shop.image', version: '1.1.0', digest: `sha256:${'9'.repeat(64)}` };
  const definition = telling(stage('deploy', 'deploy', { environment: 'formed', strategy: 'redblack' }));
  const id = await start(database, definition, { artifact: image, environment: null });
  expect(await ended(database, id, 30_000)).toBe('succeeded');
  await vi.waitFor(
    async () => {
      await dispatch();
      expect((await told('plain')).at(-1)?.body).toMatchObject({
        type: 'service.deployed',
        data: { environment: 'formed', artifact: v2 },
      });
    },
    { timeout: 10_000 },
  );
}, 60_000);

function artifactId(body: unknown): unknown {
  // A CloudEvent, as it was put down.
  return (body as { data: { subject: { content: { artifactId?: string } } } }).data.subject.content
    .artifactId;
}
