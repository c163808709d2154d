import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAppError } from '@/server/domain/errors';
import {
  FAILURE_POLICIES,
  NOTIFICATION_EVENTS,
  type PipelineDefinition,
  pipelineDefinitionSchema,
} from '@/server/domain/pipeline';
import { createEndpoint } from '@/server/services/notifications/create-endpoint';
import { exportPipeline } from '@/server/services/pipelines/export';
import { importPipeline } from '@/server/services/pipelines/import';
import { testWorld } from '@/server/services/testing/world';

/** A pipeline as code: what goes out is what came in. */

const world = await testWorld();
const admin = await world.as('admin');
await createEndpoint(admin, { name: 'ops', url: 'https://receiver.example', format: 'standard' });

/** Text of any characters, except what would be evaluated or cannot be kept. */
const words = (maxLength: number) =>
  fc
    .string({ minLength: 1, maxLength, unit: 'binary' })
    .map((text) => text.replaceAll('${', '$ {').replaceAll('\u0000', '.'));
const slug = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const parameter = fc.record(
  {
    name: fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,20}$/),
    type: fc.constant('string' as const),
    label: words(40),
    description: words(200),
    default: fc.constant('one'),
    required: fc.boolean(),
    options: fc.constant(['one', 'two']),
  },
  // A trigger needs a value for what is required.
  { requiredKeys: ['name', 'default'] },
);
const trigger = fc
  .record(
    {
      id: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,20}$/),
      type: fc.constant('cron'),
      enabled: fc.boolean(),
      config: fc.record({ expression: fc.constant('0 9 * * 1-5') }),
      constraints: fc.array(fc.record({ path: words(20), pattern: fc.constant('^a+$') }), { maxLength: 2 }),
      artifact: fc.record({ name: words(20), version: fc.constant('${trigger.payload.version}') }),
    },
    { requiredKeys: ['id', 'type'] },
  )
  .map((one) => ({ config: { expression: '0 9 * * *' }, ...one }));
const window = fc.record(
  {
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Seoul'),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    spans: fc.array(fc.record({ from: fc.constant('09:00'), to: fc.constantFrom('17:30', '02:00') }), {
      minLength: 1,
      maxLength: 3,
    }),
    jitterSeconds: fc.integer({ min: 0, max: 3_600 }),
  },
  { requiredKeys: ['timeZone', 'spans'] },
);
const config = fc.oneof(
  fc.record({ type: fc.constant('wait'), config: fc.record({ seconds: fc.nat(1_000) }) }),
  fc.record({
    type: fc.constant('manualJudgment'),
    config: fc.record({ instructions: words(300), inputs: fc.array(words(10)) }, { requiredKeys: [] }),
  }),
  fc.record({
    type: fc.constant('webhook'),
    config: fc.record({
      url: fc.constant('https://x.example/hook'),
      payload: fc
        .jsonValue()
        .map((value) => JSON.parse(JSON.stringify(value).replaceAll('${', '$ {')) as unknown),
    }),
  }),
);
const stageRest = fc.record(
  {
    name: words(40),
    when: fc.constant('1 + 1 == 2'),
    onFailure: fc.constantFrom(...FAILURE_POLICIES),
    timeoutSeconds: fc.integer({ min: 1, max: 2_592_000 }),
    window,
    comments: words(100),
  },
  { requiredKeys: ['name'] },
);
const definitions = fc
  .record({
    name: slug,
    description: maybe(words(200)),
    parameters: maybe(fc.uniqueArray(parameter, { maxLength: 4, selector: ({ name }) => name })),
    stages: fc.array(fc.tuple(config, stageRest, fc.array(fc.nat(), { maxLength: 2 })), {
      minLength: 1,
      maxLength: 6,
    }),
    concurrency: maybe(
      fc.record({
        limit: fc.integer({ min: 1, max: 100 }),
        waiting: fc.constantFrom('fifo' as const, 'newest' as const),
      }),
    ),
    notifications: maybe(
      fc.array(
        fc.record({
          endpoint: fc.constant('ops'),
          events: fc.uniqueArray(fc.constantFrom(...NOTIFICATION_EVENTS), { minLength: 1 }),
        }),
        { maxLength: 2 },
      ),
    ),
    triggers: maybe(fc.uniqueArray(trigger, { maxLength: 3, selector: ({ id }) => id })),
    disabled: maybe(fc.boolean()),
  })
  .map(({ stages, ...rest }) => ({
    ...rest,
    stages: stages.map(([own, more, before], index) => ({
      refId: `s${index}`,
      ...own,
      ...more,
      // Only stages before it, so that there is no circle.
      requires: index === 0 ? [] : [...new Set(before.map((at) => `s${at % index}`))],
    })),
  }));

/** As it would be read from a file. */
const fromFile = (definition: unknown): PipelineDefinition =>
  pipelineDefinitionSchema.parse(JSON.parse(JSON.stringify(definition)));

it('goes out exactly as it came in, and coming in again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(definitions, async (written) => {
      const definition = fromFile(written);
      const first = await importPipeline(admin, { application: 'catalog', definition });
      const exported = await exportPipeline(admin, { application: 'catalog', name: definition.name });
      expect(exported).toStrictEqual(definition);
      const again = await importPipeline(admin, { application: 'catalog', definition: fromFile(exported) });
      expect(again).toEqual({ ...first, changed: false });
    }),
    { numRuns: 60 },
  );
});

it('is a door of REST by the same rule', async () => {
  const token = await world.token(['pipeline.write', 'read'], 'engineer');
  const path = '/applications/catalog/pipelines/deploy-prod';
  const before = await world.rest('GET', path, { token });
  const exported = await world.rest('GET', `${path}/definition`, { token });
  expect([exported.status, exported.body]).toEqual([200, before.body.definition]);
  const put = await world.rest('PUT', path, { token, body: exported.body });
  expect(put.body).toEqual({ name: 'deploy-prod', revision: before.body.revision, changed: false });
});

it('is refused with a sentence when it holds what cannot be kept', async () => {
  const stages = [
    { refId: 'a', type: 'manualJudgment', name: 'Go?', config: { instructions: 'NUL: \u0000' } },
  ];
  const refusal = await importPipeline(admin, {
    application: 'catalog',
    definition: pipelineDefinitionSchema.parse({ name: 'nul', stages }),
  }).catch((error: unknown) => error);
  expect(isAppError(refusal) && refusal.code).toBe('bad_request');
});
