import { desc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, toggleClientKeys, toggleCounts, toggleStates, toggles } from '@/db/schema';
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
import { getToggle } from '@/server/services/toggles/get';
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
