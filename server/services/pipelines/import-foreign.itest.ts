import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { artifacts, pipelines, stages } from '@/db/schema';
import { Receiver } from '@/server/automation/testing/receiver';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { runWorker, type Worker } from '@/server/engine/run-worker';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, pipeline, silent, stage, stageRow, start, statuses } from '@/server/engine/testing/harness';
import { environment, type TestPlatform, testPlatform } from '@/server/engine/testing/platform';
import { foreign } from '@/server/interchange/spinnaker/testing/foreign';
import { delivery } from '@/server/interchange/spinnaker/testing/pipelines';
import { testService } from '@/server/local-cloud/testing/artifacts';
import { providers } from '@/server/providers/registry';
import { startExecution } from '@/server/services/executions/start';
import { decideJudgment } from '@/server/services/judgments/decide';
import { createEndpoint } from '@/server/services/notifications/create-endpoint';
import { importPipeline } from '@/server/services/pipelines/import';
import { importForeignInput, importForeignPipeline } from '@/server/services/pipelines/import-foreign';
import { testWorld } from '@/server/services/testing/world';
import { createWebhookSource } from '@/server/services/webhooks/create-source';

/** What is imported runs: on a real local cloud, through every stage of it. */

const world = await testWorld();
const { database } = world;
let platform: TestPlatform;
let worker: Worker;
let receiver: Receiver;

const mapping = {
  pipelines: { '5f1e': 'smoke-test' },
  endpoints: { 'slack/#shop': 'ops' },
  timeZone: 'Europe/Berlin',
};

beforeAll(async () => {
  platform = await testPlatform(database);
  receiver = await Receiver.open();
  await world.db.insert(artifacts).values([await platform.publish('1.0.0', await testService('1.0.0'))]);
  worker = await runWorker({
    database: { ...database, close: async () => undefined },
    stageTypes,
    providers,
    version: 'test',
    logger: silent,
    outbound: { allow: ['127.0.0.0/8'] },
    onLost: () => undefined,
  });
  for (const name of ['staging', 'prod']) await environment(database, name, { artifact: 'shop' });
  const admin = await world.as('admin');
  for (const name of ['github', 'builds']) await createWebhookSource(admin, { name, kind: 'github' });
  await createEndpoint(admin, { name: 'ops', url: receiver.url, format: 'standard' });
  await importPipeline(admin, {
    application: 'shop',
    definition: pipelineDefinitionSchema.parse({
      name: 'smoke-test',
      parameters: [{ name: 'speed' }],
      stages: [stage('pause', 'wait', { seconds: 0 })],
    }),
  });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await platform.stop();
  receiver.close();
});

/** The sample without its window, which may be closed today, and with a receiver that is there. */
function runnable() {
  const stages: readonly Readonly<Record<string, unknown>>[] = delivery.stages;
  const here = stages.map(({ restrictExecutionDuringTimeWindow: _window, ...one }) =>
    one.type === 'webhook' ? { ...one, url: receiver.url } : one,
  );
  return { ...delivery, triggers: [], stages: here };
}

it('is tried without a trace, then written, then runs from the first stage to the last', async () => {
  const admin = await world.as('admin');
  const wanted = { application: 'shop', document: runnable(), mapping };
  const tried = await importForeignPipeline(admin, importForeignInput.parse(wanted));
  const there = () => world.db.select().from(pipelines).where(eq(pipelines.name, 'deliver-to-prod'));
  expect([tried.written, await there()]).toEqual([null, []]);
  const imported = await importForeignPipeline(admin, importForeignInput.parse({ ...wanted, dryRun: false }));
  expect(imported).toEqual({ ...tried, written: { revision: 1, changed: true } });
  expect((await there())[0]?.definition).toEqual(tried.definition);
  const again = await importForeignPipeline(admin, importForeignInput.parse({ ...wanted, dryRun: false }));
  expect(again.written).toEqual({ revision: 1, changed: false });

  const [artifact] = await world.db.select().from(artifacts).where(eq(artifacts.name, 'shop'));
  if (!artifact) throw new Error('nothing is published');
  const seed = pipeline(stage('deploy', 'deploy', { environment: 'staging', strategy: 'none' }));
  const { name, version, digest } = artifact;
  expect(
    await ended(database, await start(database, seed, { artifact: { name, version, digest } }), 30_000),
  ).toBe('succeeded');

  const { executionId } = await startExecution(admin, {
    application: 'shop',
    pipeline: 'deliver-to-prod',
    parameters: { change_id: 'CHG-1' },
    artifacts: [],
  });
  await vi.waitFor(
    async () => expect((await stageRow(database, executionId, '4')).waiting?.kind).toBe('person'),
    { timeout: 20_000 },
  );
  const judge = await world.as('releaseManager');
  await decideJudgment(judge, { executionId, refId: '4', decision: 'continue', input: 'half' });
  expect(await ended(database, executionId, 60_000)).toBe('succeeded');
  const all = await statuses(database, executionId);
  expect(delivery.stages.map(({ refId }) => all[String(refId)])).toEqual(
    delivery.stages.map(() => 'succeeded'),
  );
  expect((await stageRow(database, executionId, '2')).outputs).toMatchObject({
    greeting: 'hello CHG-1',
    quick: false,
  });
  expect((await platform.groups('shop-prod')).map((group) => [group.name, group.enabled])).toEqual([
    ['shop-prod-v000', true],
  ]);
  expect(receiver.received.map(({ body }) => body)).toEqual([{ text: 'shop-prod-v000 of shop' }]);
}, 120_000);

it('asks a person in the place of what has no equivalent, and goes on when told so', async () => {
  const admin = await world.as('admin');
  const document = { ...foreign, stages: foreign.stages.slice(0, 2) };
  const input = importForeignInput.parse({ application: 'shop', document, dryRun: false });
  const { definition } = await importForeignPipeline(admin, input);
  const { executionId } = await startExecution(admin, {
    application: 'shop',
    pipeline: definition.name,
    parameters: {},
    artifacts: [],
  });
  const gates = () =>
    world.db
      .select({ refId: stages.refId })
      .from(stages)
      .where(and(eq(stages.executionId, executionId), eq(stages.status, 'running')));
  await vi.waitFor(async () => expect(await gates()).toHaveLength(2), { timeout: 10_000 });
  const judge = await world.as('releaseManager');
  for (const refId of ['a', 'b']) await decideJudgment(judge, { executionId, refId, decision: 'continue' });
  expect(await ended(database, executionId)).toBe('succeeded');
}, 60_000);

it('makes a gate of a stage that would not be valid here, and leaves out such a trigger', async () => {
  const admin = await world.as('admin');
  const document = {
    name: 'not valid',
    parameterConfig: [{ name: 'needed', required: true }],
    triggers: [{ type: 'cron', id: 'c', enabled: true, cronExpression: '0 0 9 * * ?' }],
    stages: [
      { refId: '1', type: 'wait', name: 'First', waitTime: 1, requisiteStageRefIds: [] },
      {
        refId: '2',
        type: 'checkPreconditions',
        name: 'Reads what comes later',
        requisiteStageRefIds: [],
        preconditions: [
          { type: 'expression', context: { expression: "#stage('First').status == 'SUCCEEDED'" } },
        ],
      },
    ],
  };
  const { definition, report } = await importForeignPipeline(
    admin,
    importForeignInput.parse({ application: 'shop', document }),
  );
  expect(definition.stages.map(({ type }) => type)).toEqual(['wait', 'manualJudgment']);
  expect(definition.triggers).toBeUndefined();
  const refused = report.filter(({ outcome }) => outcome === 'no equivalent');
  expect(refused.map(({ ref, notes }) => [ref, notes[0]?.text])).toEqual([
    ['c', expect.stringContaining('needs the parameter "needed"')],
    ['2', expect.stringContaining('does not come before')],
  ]);
});

it('is a door of REST, which refuses what is no pipeline with a sentence', async () => {
  const token = await world.token(['pipeline.write', 'read'], 'engineer');
  const path = '/applications/shop/pipelines/import';
  const good = await world.rest('POST', path, { token, body: { document: runnable(), mapping } });
  expect([good.status, good.body.written]).toEqual([200, null]);
  const bad = await world.rest('POST', path, { token, body: { document: { name: 'x' } } });
  expect([bad.status, bad.body.error.message]).toEqual([400, expect.stringContaining('has no stages')]);
  const circle = ['a', 'b'].map((refId, index, all) => ({
    refId,
    type: 'wait',
    waitTime: 1,
    requisiteStageRefIds: [all[1 - index]],
  }));
  const round = await world.rest('POST', path, { token, body: { document: { stages: circle } } });
  expect([round.status, round.body.error.message]).toEqual([400, expect.stringContaining('circle')]);
});
