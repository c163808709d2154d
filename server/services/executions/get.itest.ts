import { expect, it } from 'vitest';
import { executions, stages } from '@/db/schema';
import { message } from '@/server/domain/message';
import type { Status } from '@/server/domain/status';
import { getExecution } from '@/server/services/executions/get';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const reader = await world.as('productOwner');
const reason = (refId: string) => message('engine.ended', { refId, status: 'errored' });

/** An execution with two stages beside each other; its own reason is that of the second, which broke first. */
async function execution(
  status: Status,
  first: Status,
  second: Status,
  configs: readonly Record<string, unknown>[] = [],
) {
  const [row] = await world.db
    .insert(executions)
    .values({
      application: 'catalog',
      pipeline: 'release',
      environment: 'staging',
      artifact: 'catalog',
      version: '1.1.0',
      definition: { name: 'release', description: '', parameters: [], stages: [] },
      status,
      trigger: { kind: 'manual', by: 'Erin', userId: null, note: null },
      error: reason('functions'),
      openStages: 0,
    })
    .returning({ id: executions.id });
  if (!row) throw new Error('no execution was written');
  const common = { executionId: row.id, type: 'deploy' };
  await world.db.insert(stages).values([
    {
      ...common,
      refId: 'aws',
      config: configs[0] ?? {},
      name: message('literal', { text: 'aws' }),
      status: first,
      error: reason('aws'),
    },
    {
      ...common,
      refId: 'functions',
      config: configs[1] ?? {},
      name: message('literal', { text: 'functions' }),
      status: second,
      error: reason('functions'),
      position: 1,
    },
  ]);
  return getExecution(reader, { id: row.id });
}

it('tells of an execution the reason of the stage that its sentence names, whichever broke first', async () => {
  const both = await execution('errored', 'errored', 'errored');
  expect([both.sentence.values.stage, both.error]).toEqual(['aws', reason('aws')]);
  const second = await execution('errored', 'failed', 'errored');
  expect([second.sentence.values.stage, second.error]).toEqual(['functions', reason('functions')]);
});

it('tells the reason that the engine kept where the sentence names no stage', async () => {
  const canceled = await execution('canceled', 'canceled', 'errored');
  expect(canceled.error).toEqual(reason('functions'));
});

it('names the environments that its stages deployed its version to', async () => {
  const done = await execution('succeeded', 'succeeded', 'succeeded', [
    { environment: 'prod' },
    { environment: 'lambda', artifact: { name: 'other' } },
  ]);
  expect(done.sentence).toMatchObject({
    key: 'execution.delivered',
    values: { environment: 'prod' },
  });
  const asked = await execution('succeeded', 'succeeded', 'skipped', [
    { environment: '${parameters.where}' },
  ]);
  expect(asked.sentence.values.environment).toBe('staging');
});
