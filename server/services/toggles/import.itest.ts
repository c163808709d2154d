import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toggleSegments, toggles } from '@/db/schema';
import type { ServiceContext } from '@/server/services/context';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { exportFlagd } from '@/server/services/toggles/export-flagd';
import { getToggle } from '@/server/services/toggles/get';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';

const world = await testWorld();
const { db } = world;
let owner: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
});
beforeEach(async () => emptyToggles(world, await world.as('admin')));

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
    expect(report).toMatchObject({
      flags: [
        {
          key: 'new-checkout',
          outcome: 'created',
          notes: [{ key: 'toggle.import.omitted', values: { fields: 'note' } }],
          change: expect.objectContaining({ before: null, sentenceBefore: null }),
        },
        {
          key: 'odd',
          outcome: 'created',
          notes: [{ key: 'toggle.import.byHand', values: {} }],
          change: expect.objectContaining({ before: null, sentenceBefore: null }),
        },
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
    expect(flags.find(({ key }) => key === 'badge')?.change).toMatchObject({
      before: { defaultVariant: 'on' },
      after: { defaultVariant: 'off' },
      changes: [{ key: 'toggle.change.default' }],
    });
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
