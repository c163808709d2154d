import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { toggleStates } from '@/db/schema';
import type { ToggleDefinitionInput } from '@/server/domain/toggles';
import { addToggle, defineToggle, emptyToggles, switchToggle } from '@/server/services/testing/toggles';
import { ALL, testWorld } from '@/server/services/testing/world';
import { getToggle } from '@/server/services/toggles/get';
import { previewToggle, previewToggleInput } from '@/server/services/toggles/preview';

const world = await testWorld();
const admin = await world.as('admin');
const token = await world.token(ALL, 'admin');

beforeEach(async () => {
  await emptyToggles(world, admin);
  await addToggle(admin, 'badge');
});

const define = (definition: Partial<ToggleDefinitionInput>) =>
  defineToggle(admin, 'badge', 'prod', definition);
const at = '2090-01-01T00:00:00Z';

describe('a version that is demanded', () => {
  const needs = (application: string, minimum: string) => ({ versionRequirement: { application, minimum } });

  it.each([
    ['catalog', 'banana', 'versionRequirement.minimum: “banana” is no version'],
    [
      'nobody',
      '1.0.0',
      'versionRequirement.application: there is no application “nobody”. Applications: catalog',
    ],
  ])('%s %s is refused in a sentence', async (application, minimum, said) => {
    const definition = { on: true, offVariant: 'off', defaultVariant: 'on', ...needs(application, minimum) };
    await expect(define(needs(application, minimum))).rejects.toThrow(said);
    const draft = { key: 'badge', environment: 'prod', context: {}, definition };
    await expect(previewToggle(admin, previewToggleInput.parse(draft))).rejects.toThrow(said);
    const path = '/toggles/badge/environments/prod';
    const answer = await world.rest('PUT', path, { token, body: { definition } });
    expect([answer.status, answer.body.error.message]).toEqual([422, expect.stringContaining(said)]);
  });

  it('that was stored long ago keeps nobody from switching', async () => {
    await define(needs('catalog', '1.1.0'));
    const [row] = await world.db.select().from(toggleStates).where(eq(toggleStates.environment, 'prod'));
    if (!row) throw new Error('no state');
    const versionRequirement = { application: 'gone', minimum: 'banana', coverage: 'all' as const };
    await world.db
      .update(toggleStates)
      .set({ definition: { ...row.definition, versionRequirement } })
      .where(eq(toggleStates.environment, 'prod'));
    expect(await switchToggle(admin, { key: 'badge', environment: 'prod', on: false })).toMatchObject({
      kind: 'applied',
    });
  });
});

describe('a schedule', () => {
  const step = (set: object, when = at) => ({ at: when, timeZone: 'UTC', set });

  it('does not say two things for one moment', async () => {
    const schedule = [step({ on: true }), step({ on: false }, '2090-01-01T09:00:00+09:00')];
    await expect(define({ schedule })).rejects.toThrow(
      'schedule[1]: says something else than schedule[0] for the same moment',
    );
  });

  it('may say several things of one moment that go together', async () => {
    const schedule = [step({ on: true }), step({ defaultVariant: 'off' }), step({ on: true })];
    expect(await define({ schedule })).toMatchObject({ kind: 'applied' });
  });
});

it('there are no counts of an environment that is not there', async () => {
  const answer = await world.rest('GET', '/toggles/badge/environments/zz/counts', { token });
  expect([answer.status, answer.body.error.message]).toEqual([
    404,
    expect.stringContaining('There is no environment “zz”'),
  ]);
});

describe('people', () => {
  const shares = (...weights: readonly (readonly [string, number])[]) => ({
    kind: 'split' as const,
    buckets: weights.map(([variant, weight]) => ({ variant, weight })),
  });
  const put = async (body: object) => {
    const answer = await world.rest('PUT', '/toggles/badge/environments/prod', { token, body });
    return [answer.status, answer.body.error?.message ?? answer.body.kind];
  };
  const rules = (otherwise: object, more: object = {}) => put({ rules: { rules: [], otherwise }, ...more });
  const kept = async () =>
    (await getToggle(admin, { key: 'badge' })).environments.find(({ environment }) => environment === 'prod')
      ?.rules?.otherwise;

  it('stay where they are when rules come with their buckets in another order', async () => {
    await define({ defaultVariant: 'off' });
    await rules(shares(['on', 10], ['off', 90]));
    expect(await rules(shares(['off', 75], ['on', 25]))).toEqual([200, 'applied']);
    expect(await kept()).toMatchObject(shares(['on', 25], ['off', 75]));
  });

  it('are not left without anything by weights of nothing', async () => {
    await define({ defaultVariant: 'off' });
    const said = 'targeting: has a split that gives weight to nobody';
    expect(await rules(shares(['on', 0], ['off', 0]))).toEqual([422, expect.stringContaining(said)]);
    const set = {
      targeting: {
        fractional: [
          ['on', 0],
          ['off', 0],
        ],
      },
    };
    await expect(define({ schedule: [{ at, timeZone: 'UTC', set }] })).rejects.toThrow(
      `schedule[0].set.${said}`,
    );
  });

  it('are all meant by a rule without conditions', async () => {
    const rule = (conditions: object[], variant: string) => ({
      conditions,
      serve: { kind: 'variant', variant },
    });
    const staff = { operator: 'equals', attribute: 'staff', value: true };
    await define({ defaultVariant: 'off' });
    await put({ rules: { rules: [rule([], 'on'), rule([staff], 'off')], otherwise: null } });
    const serving = async () => (await getToggle(admin, { key: 'badge' })).environments.at(-1);
    expect(await serving()).toMatchObject({
      sentence: { key: 'toggle.serves.everyone', values: { variant: 'on' } },
      shares: [{ variant: 'on', percent: 100 }],
    });
    await put({ rules: { rules: [rule([staff], 'off'), rule([], 'on')], otherwise: null } });
    expect(await serving()).toMatchObject({
      sentence: { key: 'toggle.serves.rules', values: { count: 1, parts: '“on”' } },
      shares: null,
    });
  });

  it('are not moved by another attribute or by JSON unless that is said', async () => {
    await define({ defaultVariant: 'off' });
    await rules(shares(['on', 10], ['off', 90]));
    const byCompany = { ...shares(['on', 10], ['off', 90]), by: 'company' };
    expect(await rules(byCompany)).toEqual([409, expect.stringContaining('draws everyone anew')]);
    expect(await rules(byCompany, { movesPeople: true })).toEqual([200, 'applied']);
    await rules(shares(['on', 10], ['off', 90]), { movesPeople: true });
    const targeting = {
      fractional: [
        ['off', 75],
        ['on', 25],
      ],
    };
    const definition = { on: true, offVariant: 'off', defaultVariant: 'off', targeting };
    expect(await put({ definition })).toEqual([
      409,
      expect.stringContaining('10 % of people move from on to off'),
    ]);
    expect(await put({ definition, movesPeople: true })).toEqual([200, 'applied']);
  });
});
