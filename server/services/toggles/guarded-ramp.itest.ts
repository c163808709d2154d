import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { canaryAnalyses, canaryConfigs, judgments, metricsSources, toggleChanges } from '@/db/schema';
import { openSource } from '@/server/analysis/open-source';
import { PutBack } from '@/server/automation/toggles-put-back';
import { canaryConfigSchema } from '@/server/domain/canary';
import { systemClock } from '@/server/domain/clock';
import type { Engine } from '@/server/engine/engine';
import { wakeStage } from '@/server/engine/enqueue';
import { stageTypes } from '@/server/engine/stages/registry';
import { ended, engineFor, executionRow, silent, stageRow, statuses } from '@/server/engine/testing/harness';
import { secretBox } from '@/server/secrets/seal';
import type { ServiceContext } from '@/server/services/context';
import { promql } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { addToggle, defineToggle, emptyToggles, keptDefinition } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { killToggle } from '@/server/services/toggles/kill';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { rolloutOf } from '@/server/toggles/rules/rollout';

/** Ramps that a judge watches over: real executions, and a metrics source that answers by toggle and variant. */

const world = await testWorld();
const { database, db } = world;
const secrets = secretBox('x'.repeat(32));
let engine: Engine;
let owner: ServiceContext;
let metrics: MetricsServer;

/** One toggle for each fate, so that their ramps run at once. */
const KEYS = ['bad', 'good', 'silent', 'bad-killed', 'silent-refused'] as const;

/** What the queries below would find in the metrics of an application that labels by toggle and variant. */
function measured(query: string, at: number): number | null {
  const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(query)?.[1] ?? '';
  const feature = label('feature');
  if (feature.startsWith('silent') && label('variant') === 'on') return null;
  if (query.includes('requests')) return 40;
  const usual = 0.01 + 0.002 * ((at * 7) % 5);
  return feature.startsWith('bad') && label('variant') === 'on' ? usual + 0.3 : usual;
}

const labels = '{feature="${toggle}",variant="${scope}",environment="${environment}"}';
const BY_VARIANT = canaryConfigSchema.parse({
  name: 'by-variant',
  judge: { name: 'signalbox-v1', judgeConfigurations: { onNoData: 'askPerson', onInconclusive: 'extend' } },
  metrics: [
    {
      name: 'error ratio',
      kind: 'ratio',
      traffic: 'requests',
      query: promql(`error_ratio${labels}`),
      groups: ['Errors'],
      analysisConfigurations: {
        canary: {
          direction: 'increase',
          critical: true,
          effectSize: { allowedIncrease: 1.5, negligible: 0.05 },
        },
      },
    },
    {
      name: 'requests',
      kind: 'counter',
      query: promql(`requests${labels}`),
      groups: ['Traffic'],
      analysisConfigurations: { canary: { direction: 'either', muted: true } },
    },
  ],
  classifier: { groupWeights: { Errors: 100 } },
});

beforeAll(async () => {
  metrics = await startMetricsServer(measured);
  owner = await world.as('productOwner');
  await emptyToggles(world, await world.as('admin'));
  const tokenSecret = secrets.seal(METRICS_TOKEN);
  const source = {
    kind: 'prometheus',
    config: { url: metrics.url },
    secrets: { tokenSecret },
    updatedBy: 'test',
  };
  await db.insert(metricsSources).values({ name: 'metrics', ...source });
  const groups = {
    ...BY_VARIANT,
    name: 'golden',
    metrics: [{ ...BY_VARIANT.metrics[0], query: promql('up{group="${scope}"}') }],
  };
  for (const config of [BY_VARIANT, canaryConfigSchema.parse(groups)])
    await db
      .insert(canaryConfigs)
      .values({ application: 'catalog', name: config.name, source: 'metrics', config, updatedBy: 'test' });
  for (const key of KEYS) {
    await addToggle(owner, key, { application: 'catalog' });
    await defineToggle(owner, key, 'prod', { on: false, defaultVariant: 'off' });
  }
  engine = engineFor(database, stageTypes, {
    services: {
      db,
      clock: systemClock,
      outbound: { allow: [] },
      provider: () => Promise.reject(new Error('this test has no platform')),
      metricsSource: (name) => openSource(db, secrets, name),
    },
  });
  engine.start();
});
afterAll(async () => {
  await engine.drain(1_000);
  await metrics.stop();
});

async function ramp(key: string, config = 'by-variant'): Promise<string> {
  const { executionId } = await rampToggle(
    owner,
    rampToggleInput.parse({
      key,
      environment: 'prod',
      variant: 'on',
      percentages: [25, 50, 100],
      holdSeconds: 10,
      guard: { config },
    }),
  );
  return executionId;
}

const putBack = () =>
  new PutBack({
    database,
    clock: systemClock,
    secrets,
    outbound: { allow: [] },
    logger: silent,
    url: 'http://localhost:3000',
  }).run();

async function reached(key: string): Promise<number | null> {
  const definition = await keptDefinition(world, key, 'prod');
  return definition?.on ? rolloutOf(definition.targeting, null, 'on') : 0;
}

async function decide(executionId: string, decision: 'continue' | 'stop'): Promise<void> {
  const { id: stageId } = await stageRow(database, executionId, 'hold-1');
  await db.insert(judgments).values({ stageId, decision, by: 'Ada', evidence: {} });
  await db.transaction((tx) => wakeStage(tx, stageId));
}

/** Not expect.poll, which does not know its test among concurrent ones. */
function until<T>(read: () => Promise<T>, wanted: T, timeout: number): Promise<void> {
  return vi.waitFor(async () => expect(await read()).toEqual(wanted), { timeout, interval: 50 });
}

const asked = (executionId: string) =>
  until(async () => (await stageRow(database, executionId, 'hold-1')).waiting?.kind, 'person', 40_000);

describe.concurrent('a ramp with a guard', () => {
  it('is ended by a variant that fails more often, with a sentence, and all is as it was', async () => {
    const before = await keptDefinition(world, 'bad', 'prod');
    const id = await ramp('bad');
    expect(await ended(database, id, 40_000)).toBe('failed');
    expect(await statuses(database, id)).toMatchObject({
      'step-1': 'succeeded',
      'hold-1': 'failed',
      'step-2': 'skipped',
    });
    const { error } = await executionRow(database, id);
    expect(error).toMatchObject({
      key: expect.stringMatching(/^canary\.metric/),
      values: { metric: 'error ratio' },
    });
    await putBack();
    expect(await keptDefinition(world, 'bad', 'prod')).toEqual(before);
    const changes = await db
      .select()
      .from(toggleChanges)
      .where(eq(toggleChanges.toggle, 'bad'))
      .orderBy(desc(toggleChanges.id));
    expect(changes[0]).toMatchObject({ by: 'Signalbox', reason: 'put back: ramp ended as failed' });
    expect(changes[1]).toMatchObject({ executionId: id, after: { on: true } });
  }, 60_000);

  it('gets to its end with a variant that is well, compared at every step with those who have it not', async () => {
    const id = await ramp('good');
    expect(await ended(database, id, 60_000)).toBe('succeeded');
    expect(await reached('good')).toBe(100);
    const rows = await db.select().from(canaryAnalyses).where(eq(canaryAnalyses.executionId, id));
    expect(rows.map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect(rows[0]?.scopes).toMatchObject({
      baseline: { scope: 'off' },
      canary: { scope: 'on' },
      extra: { toggle: 'good', environment: 'prod', application: 'catalog', cluster: 'catalog-prod' },
    });
    expect(metrics.queries).toContain('error_ratio{feature="good",variant="on",environment="prod"}');
  }, 90_000);

  it('asks a person while nothing is measured of those who have it, and goes no further by itself', async () => {
    const id = await ramp('silent');
    await asked(id);
    expect(await reached('silent')).toBe(25);
    expect((await statuses(database, id))['step-2']).toBe('pending');
    await decide(id, 'continue');
    await until(() => reached('silent'), 50, 20_000);
  }, 90_000);

  it('is put back when that person stops it', async () => {
    const id = await ramp('silent-refused');
    await asked(id);
    await decide(id, 'stop');
    expect(await ended(database, id)).toBe('stopped');
    await putBack();
    expect(await reached('silent-refused')).toBe(0);
  }, 90_000);

  it('leaves it killed when somebody was quicker than the judge', async () => {
    const id = await ramp('bad-killed');
    await until(() => reached('bad-killed'), 25, 20_000);
    await killToggle(owner, { key: 'bad-killed', reason: 'it burns' });
    const killed = await keptDefinition(world, 'bad-killed', 'prod');
    expect(await ended(database, id, 40_000)).toBe('canceled');
    await putBack();
    expect(await keptDefinition(world, 'bad-killed', 'prod')).toEqual(killed);
  }, 60_000);

  it('is not begun with a configuration that cannot tell variants apart', async () => {
    await expect(ramp('good', 'golden')).rejects.toThrow(/golden.*compares server groups.*\$\{toggle\}/);
    await expect(ramp('good', 'nobody')).rejects.toThrow(/no canary configuration "nobody"/);
  });
});
