import { desc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, toggleClientKeys, toggleCounts, toggleSegments, toggleStates, toggles } from '@/db/schema';
import { hashToken } from '@/server/services/auth/token';
import type { ServiceContext } from '@/server/services/context';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { countToggle } from '@/server/services/toggles/counts';
import { createClientKey } from '@/server/services/toggles/create-client-key';
import { exportFlagd } from '@/server/services/toggles/export-flagd';
import { getToggle } from '@/server/services/toggles/get';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { listClientKeys } from '@/server/services/toggles/list-client-keys';
import { listToggleEnvironments } from '@/server/services/toggles/list-environments';
import { listSegments } from '@/server/services/toggles/list-segments';
import { previewToggle, previewToggleInput } from '@/server/services/toggles/preview';
import { removeSegment } from '@/server/services/toggles/remove-segment';
import { revokeClientKey } from '@/server/services/toggles/revoke-client-key';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';
import { previewSchedule, schedulePreviewInput } from '@/server/services/toggles/schedule-preview';
import { listStaleToggles } from '@/server/services/toggles/stale';

const world = await testWorld();
const { db } = world;
let owner: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
});
beforeEach(() => emptyToggles(world, admin));

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(Date.now() - ms);
const file = {
  metadata: { flagSetId: 'shop' },
  $evaluators: { staff: { ends_with: [{ var: 'email' }, '@corp.test'] } },
  flags: {
    'new-checkout': {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        if: [
          { $ref: 'staff' },
          'on',
          {
            fractional: [
              ['on', 10],
              ['off', 90],
            ],
          },
        ],
      },
      metadata: { owner: 'cart' },
      note: 'hello',
    },
    odd: {
      state: 'DISABLED',
      variants: { a: 'x', b: 'y' },
      defaultVariant: 'a',
      targeting: { if: [{ '<': [{ '%': [{ var: 'n' }, 2] }, 1] }, 'b', 'a'] },
    },
  },
};
const bring = (content: unknown, more: object = {}) =>
  importFlagd(
    owner,
    importFlagdInput.parse({ environment: 'staging', json: JSON.stringify(content), ...more }),
  );

describe('a flagd file', () => {
  it('is brought in whole, says what is not kept, and comes out as it was', async () => {
    const report = await bring(file, { application: 'catalog' });
    expect(report).toEqual({
      flags: [
        {
          key: 'new-checkout',
          outcome: 'created',
          notes: [{ key: 'toggle.import.omitted', values: { fields: 'note' } }],
        },
        { key: 'odd', outcome: 'created', notes: [{ key: 'toggle.import.byHand', values: {} }] },
      ],
      segments: [{ key: 'staff', outcome: 'created', usedBy: [] }],
      notes: [{ key: 'toggle.import.omitted', values: { fields: 'metadata' } }],
      isWritten: true,
    });
    const view = await getToggle(owner, { key: 'odd' });
    expect(view).toMatchObject({
      application: 'catalog',
      absentFrom: ['prod'],
      environments: [{ rules: null }],
    });
    expect(await getToggle(owner, { key: 'new-checkout' })).toMatchObject({
      owner: 'cart',
      environments: [{ on: true, rules: { rules: [{ serve: { variant: 'on' } }] } }],
    });
    const { file: out, omitted } = await exportFlagd(owner, { environment: 'staging', form: 'written' });
    const { note: _note, ...checkout } = file.flags['new-checkout'];
    expect(out).toMatchObject({
      $evaluators: file.$evaluators,
      flags: { ...file.flags, 'new-checkout': checkout },
    });
    expect(omitted).toEqual([]);
    const again = await bring(out);
    expect(again.flags.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    expect(again.segments).toEqual([{ key: 'staff', outcome: 'unchanged', usedBy: [] }]);
  });

  it('keeps what flagd has no words for of a toggle that is there', async () => {
    await addToggle(owner, 'base');
    await addToggle(owner, 'badge');
    await defineToggle(owner, 'badge', 'staging', { prerequisites: [{ toggle: 'base', variants: ['on'] }] });
    const { file: out, omitted } = await exportFlagd(owner, { environment: 'staging', form: 'written' });
    expect(omitted).toContainEqual({ key: 'badge', fields: ['offVariant', 'prerequisites'] });
    const changed = JSON.parse(JSON.stringify(out));
    changed.flags.badge.defaultVariant = 'off';
    const { flags } = await bring(changed);
    expect(flags).toMatchObject([
      { key: 'badge', outcome: 'changed' },
      { key: 'base', outcome: 'unchanged' },
    ]);
    expect(await keptDefinition(world, 'badge', 'staging')).toMatchObject({
      defaultVariant: 'off',
      prerequisites: [{ toggle: 'base' }],
    });
    const served = await exportFlagd(owner, { environment: 'staging', form: 'served' });
    expect(served.file).toMatchObject({ flags: { badge: { defaultVariant: 'off' } } });
  });

  it('writes nothing when it is only tried, or wrong in itself', async () => {
    expect(await bring(file, { dryRun: true })).toMatchObject({ isWritten: false });
    await expect(bring({ flags: { x: { state: 'ON', variants: {} } } })).rejects.toThrow('x: flags.x.state');
    await expect(
      importFlagd(owner, importFlagdInput.parse({ environment: 'staging', json: '{' })),
    ).rejects.toThrow('the file is no JSON');
    await expect(bring(file, { environment: 'moon' })).rejects.toThrow('no environment “moon”');
    expect(await db.select().from(toggles)).toEqual([]);
  });

  const flag = (variants: object, defaultVariant: string, more: object = {}) => ({
    state: 'ENABLED',
    variants,
    defaultVariant,
    ...more,
  });

  it('goes in whole or not at all, and all that is wrong is said of every flag', async () => {
    await addToggle(owner, 'badge');
    const content = {
      flags: {
        badge: flag({ yes: true, no: false }, 'yes'),
        broken: flag({ on: true }, 'off', { targeting: { nope: [1] } }),
        'broken.too': { variants: {} },
        named: flag({ on: true, constructor: false }, 'on'),
        other: flag({ on: true }, 'on'),
      },
    };
    const outcomes = [
      'badge refused',
      'broken refused',
      'broken.too refused',
      'named refused',
      'other created',
    ];
    const tried = await bring(content, { dryRun: true });
    expect(tried.flags.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(outcomes);
    expect(tried.flags[1]?.notes.length).toBeGreaterThan(1);

    const refused = await bring(content).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'unprocessable',
      details: { flags: outcomes.map((one) => ({ key: one.split(' ')[0] })) },
    });
    for (const said of ['4 of 5 flags', 'badge: ', 'broken: ', 'broken.too: ', 'named: variants.constructor'])
      expect(String(refused)).toContain(said);
    expect(await db.$count(toggles)).toBe(1);

    const part = await bring(content, { partial: true });
    expect(part.flags.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(outcomes);
    expect((await db.select({ key: toggles.key }).from(toggles)).map(({ key }) => key).toSorted()).toEqual([
      'badge',
      'other',
    ]);
  });

  it('does not change the type of what is on', async () => {
    await addToggle(owner, 'badge');
    await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    const { flags } = await bring(
      { flags: { badge: flag({ on: 'yes', off: 'no' }, 'on') } },
      { dryRun: true },
    );
    expect(flags).toMatchObject([{ outcome: 'refused', notes: [{ key: 'toggle.import.typed' }] }]);
  });

  it('changes a segment that others use only when that is said', async () => {
    const mine = { if: [{ $ref: 'staff' }, 'on', 'off'] };
    const ours = { '!!': [{ var: 'staff' }] };
    await saveSegment(owner, saveSegmentInput.parse({ key: 'staff', name: 'Staff', condition: ours }));
    for (const key of ['badge', 'price']) await addToggle(owner, key);
    await defineToggle(owner, 'badge', 'prod', { targeting: mine });
    await defineToggle(owner, 'badge', 'staging', { targeting: mine });
    await defineToggle(owner, 'price', 'staging', { targeting: mine });
    const content = {
      flags: { badge: flag({ on: true, off: false }, 'on', { targeting: mine }) },
      $evaluators: { staff: { '!!': [true] } },
    };
    const usedBy = [
      { toggle: 'badge', environment: 'prod' },
      { toggle: 'price', environment: 'staging' },
    ];
    const condition = async () =>
      (await db.select().from(toggleSegments).where(eq(toggleSegments.key, 'staff')))[0]?.condition;

    const tried = await bring(content, { dryRun: true });
    expect(tried.segments).toEqual([{ key: 'staff', outcome: 'changed', usedBy }]);
    expect(tried.notes).toEqual([
      { key: 'toggle.import.segment', values: { segment: 'staff', users: 'badge (prod), price (staging)' } },
    ]);
    await expect(bring(content)).rejects.toThrow('“staff”, which badge (prod), price (staging) uses');
    expect(await condition()).toEqual(ours);

    expect((await bring(content, { segments: 'keep' })).segments).toEqual([
      { key: 'staff', outcome: 'kept', usedBy },
    ]);
    expect(await condition()).toEqual(ours);
    expect((await bring(content, { segments: 'replace' })).segments).toMatchObject([{ outcome: 'changed' }]);
    expect(await condition()).toEqual({ '!!': [true] });
  });
});

describe('the playground', () => {
  const ask = (input: object) =>
    previewToggle(owner, previewToggleInput.parse({ environment: 'staging', ...input }));

  it('says what somebody gets and why, of what stands and of a draft', async () => {
    await addToggle(owner, 'badge');
    const context = { targetingKey: 'u1', plan: 'pro' };
    expect(await ask({ key: 'badge', context })).toMatchObject({
      evaluation: { variant: 'off' },
      summary: { key: 'toggle.explain.off' },
    });
    const definition = { on: true, offVariant: 'off', defaultVariant: 'off' };
    const conditions = [{ operator: 'equals', attribute: 'plan', value: 'pro' }];
    const rules = { rules: [{ conditions, serve: { kind: 'variant', variant: 'on' } }], otherwise: null };
    expect(await ask({ key: 'badge', context, definition, rules })).toMatchObject({
      evaluation: { variant: 'on', reason: 'TARGETING_MATCH' },
      summary: { key: 'toggle.explain.rule', values: { number: 1 } },
      serving: { sentence: { key: 'toggle.serves.rules' } },
    });
    expect((await keptDefinition(world, 'badge', 'staging'))?.on).toBe(false);
    const wrong = { ...definition, defaultVariant: 'maybe' };
    await expect(ask({ key: 'badge', context, definition: wrong })).rejects.toThrow('maybe');
  });
});

describe('a schedule', () => {
  it('is shown moment by moment before it is saved', async () => {
    await addToggle(owner, 'badge', { expiresAt: '2090-01-03T00:00:00Z', onExpiry: 'off' });
    const definition = {
      on: false,
      offVariant: 'off',
      defaultVariant: 'on',
      schedule: [
        {
          at: '2090-01-02T00:00:00Z',
          timeZone: 'Europe/Berlin',
          set: {
            targeting: {
              fractional: [
                ['on', 1],
                ['off', 1],
              ],
            },
          },
        },
        { at: '2090-01-01T09:00:00+01:00', timeZone: 'Europe/Berlin', set: { on: true } },
      ],
    };
    const input = { key: 'badge', environment: 'prod', definition };
    const moments = await previewSchedule(owner, schedulePreviewInput.parse(input));
    expect(
      moments.map(({ at, kind, changes, sentence }) => [at, kind, changes[0]?.key, sentence.key]),
    ).toEqual([
      ['2090-01-01T08:00:00.000Z', 'schedule', 'toggle.change.on', 'toggle.serves.everyone'],
      ['2090-01-02T00:00:00.000Z', 'schedule', 'toggle.change.percent', 'toggle.serves.split'],
      ['2090-01-03T00:00:00.000Z', 'expiry', 'toggle.change.off', 'toggle.serves.expired'],
    ]);
  });
});

describe('a segment', () => {
  const staff = {
    key: 'staff',
    name: 'Staff',
    conditions: { conditions: [{ operator: 'endsWith', attribute: 'email', value: '@corp.test' }] },
  };
  const save = (input: object) => saveSegment(owner, saveSegmentInput.parse(input));

  it('is built from conditions, knows who uses it, and stays while it is used', async () => {
    expect(await save(staff)).toEqual({ key: 'staff', revision: 1, changed: true });
    expect(await save(staff)).toEqual({ key: 'staff', revision: 1, changed: false });
    await expect(save({ ...staff, name: 'Us', revision: 0 })).rejects.toThrow('it is at revision 1');
    await save({ key: 'others', name: 'Others', condition: { '!': [{ $ref: 'staff' }] } });
    await addToggle(owner, 'badge');
    await defineToggle(owner, 'badge', 'staging', { targeting: { if: [{ $ref: 'others' }, 'on', 'off'] } });
    expect(await listSegments(owner, {})).toMatchObject([
      { key: 'others', usedBy: ['badge'] },
      {
        key: 'staff',
        condition: { ends_with: [{ var: 'email' }, '@corp.test'] },
        usedBy: ['badge', 'others'],
      },
    ]);
    await expect(removeSegment(owner, { key: 'staff' })).rejects.toThrow('is used by badge, others');
    await expect(save({ key: 'staff', name: 'Staff', condition: { $ref: 'others' } })).rejects.toThrow(
      'staff',
    );
    await defineToggle(owner, 'badge', 'staging', {});
    await removeSegment(owner, { key: 'others' });
    await removeSegment(owner, { key: 'staff' });
    await expect(removeSegment(owner, { key: 'staff' })).rejects.toThrow('no segment “staff”');
    expect(await listSegments(owner, {})).toEqual([]);
  });
});

describe('counts', () => {
  const count = (variant: string, hour: Date, evaluations: number, toggle = 'badge') =>
    db
      .insert(toggleCounts)
      .values({ toggle, environment: 'prod', variant, hour, count: evaluations, lastAt: hour });

  it('are summed up by variant for the last 24 hours, and listed by hour', async () => {
    await addToggle(owner, 'badge');
    await count('on', ago(HOUR_MS), 30);
    await count('', ago(2 * HOUR_MS), 10);
    await count('on', ago(3 * DAY_MS), 500);
    const [, prod] = (await getToggle(owner, { key: 'badge' })).environments;
    expect(prod).toMatchObject({
      evaluations: 40,
      variants: [
        { variant: 'on', count: 30 },
        { variant: null, count: 10 },
      ],
    });
    const place = { key: 'badge', environment: 'prod' };
    expect(await countToggle(owner, place)).toMatchObject({
      total: 40,
      hours: [
        { variant: null, count: 10 },
        { variant: 'on', count: 30 },
      ],
    });
    const from = ago(7 * DAY_MS).toISOString();
    expect(await countToggle(owner, { ...place, from })).toMatchObject({ total: 540 });
    const to = ago(8 * DAY_MS).toISOString();
    await expect(countToggle(owner, { ...place, from, to })).rejects.toThrow(
      'at most 92 days, from before to',
    );
  });

  it('show which toggles should be cleaned up, and why', async () => {
    const old = ago(60 * DAY_MS);
    for (const key of ['never', 'forgotten', 'decided', 'settled', 'lively']) await addToggle(owner, key);
    await addToggle(owner, 'brake', { kind: 'operational' });
    await addToggle(owner, 'late', { expiresAt: old.toISOString() });
    const rule = { targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] } };
    for (const key of ['decided', 'lively']) await defineToggle(owner, key, 'prod', rule);
    for (const key of ['settled', 'brake']) await switchToggle(owner, { key, environment: 'prod', on: true });
    await db.update(toggles).set({ createdAt: old });
    await db.update(toggleStates).set({ updatedAt: old });
    const now = ago(60_000);
    await count('on', ago(50 * DAY_MS), 1, 'forgotten');
    const lastOff = ago(40 * DAY_MS);
    await count('off', lastOff, 1, 'decided');
    for (const key of ['decided', 'settled', 'lively', 'brake', 'late']) await count('on', now, 1, key);
    await count('off', ago(2 * DAY_MS), 1, 'lively');
    const stale = await listStaleToggles(owner, { days: 14 });
    expect(stale.map(({ key, reasons }) => [key, ...reasons.map(({ kind }) => kind)]).toSorted()).toEqual([
      ['decided', 'oneSided'],
      ['forgotten', 'notEvaluated'],
      ['late', 'expired'],
      ['never', 'neverUsed'],
      ['settled', 'onForAll'],
    ]);
    const decided = stale.find(({ key }) => key === 'decided');
    expect(decided?.reasons).toMatchObject([{ environment: 'prod', since: lastOff.toISOString() }]);
    expect(await listStaleToggles(owner, { days: 90 })).toMatchObject([{ key: 'late' }]);
  });
});

describe('an environment', () => {
  it('keeps what is not said, and counts what is in it', async () => {
    expect(await applyToggleEnvironment(admin, { name: 'prod', requiresReview: true })).toEqual({
      name: 'prod',
      created: false,
    });
    await addToggle(owner, 'badge');
    await createClientKey(admin, { name: 'web', environment: 'prod', kind: 'web' });
    const plain = { freezes: [], notifications: [] };
    expect(await listToggleEnvironments(owner, {})).toEqual([
      { name: 'staging', order: 1, requiresReview: false, ...plain, toggles: 1, clientKeys: 0 },
      { name: 'prod', order: 2, requiresReview: true, ...plain, toggles: 1, clientKeys: 1 },
    ]);
  });
});

describe('a client key', () => {
  it('is shown once, kept as a hash, and can be revoked', async () => {
    const { id, key } = await createClientKey(admin, {
      name: 'catalog',
      environment: 'prod',
      kind: 'server',
    });
    expect(key).toMatch(/^sbt_server_[\w-]{32}$/);
    const [row] = await db.select().from(toggleClientKeys);
    expect(row?.hash).toBe(hashToken(key));
    const listed = await listClientKeys(owner, { revoked: false });
    expect(listed).toMatchObject([{ name: 'catalog', environment: 'prod', kind: 'server', revokedAt: null }]);
    const [entry] = await db
      .select()
      .from(audit)
      .where(eq(audit.action, 'toggleClientKey.create'))
      .orderBy(desc(audit.id));
    const shown = JSON.stringify([listed, entry?.after]);
    expect(shown).not.toContain(key);
    expect(shown).not.toContain(hashToken(key));
    expect(key.startsWith(listed[0]?.prefix ?? 'none')).toBe(true);
    await revokeClientKey(admin, { id });
    expect(await listClientKeys(owner, { revoked: false })).toEqual([]);
    expect(await listClientKeys(owner, { revoked: true })).toMatchObject([
      { id, revokedAt: expect.any(String) },
    ]);
    await expect(revokeClientKey(admin, { id })).rejects.toThrow('revoked already');
    await expect(createClientKey(admin, { name: 'x', environment: 'moon', kind: 'web' })).rejects.toThrow(
      'moon',
    );
  });
});
