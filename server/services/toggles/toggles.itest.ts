import { and, desc, eq, sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, events, toggleChanges, toggleStates } from '@/db/schema';
import type { ServiceContext } from '@/server/services/context';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { seeServerGroup, testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { approveChangeRequest } from '@/server/services/toggles/approve-request';
import { archiveToggle } from '@/server/services/toggles/archive';
import { getToggle } from '@/server/services/toggles/get';
import { toggleHistory } from '@/server/services/toggles/history';
import { killToggle } from '@/server/services/toggles/kill';
import { listToggles } from '@/server/services/toggles/list';
import { setDefinitionInput, setToggleDefinition } from '@/server/services/toggles/set-definition';
import { undoChange } from '@/server/services/toggles/undo';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';

const world = await testWorld();
const { db } = world;
let owner: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
});
beforeEach(() => emptyToggles(world, admin));

const kept = (key: string, environment: string) => keptDefinition(world, key, environment);
const newest = async (key: string) => {
  const [row] = await db
    .select()
    .from(toggleChanges)
    .where(eq(toggleChanges.toggle, key))
    .orderBy(desc(toggleChanges.id))
    .limit(1);
  return String(row?.id);
};
const entry = async (action: string) => {
  const [row] = await db
    .select()
    .from(audit)
    .where(eq(audit.action, action))
    .orderBy(desc(audit.id))
    .limit(1);
  return row;
};
const half = {
  fractional: [
    ['on', 50],
    ['off', 50],
  ],
};

describe('a new toggle', () => {
  it('stands switched off in every environment, with its audit, history and event', async () => {
    await addToggle(owner, 'badge', { application: 'catalog', tags: ['shop'] });
    const view = await getToggle(owner, { key: 'badge' });
    expect(view).toMatchObject({
      name: 'The badge',
      application: 'catalog',
      valueType: 'boolean',
      createdBy: owner.actor?.name,
      environments: [
        {
          environment: 'staging',
          on: false,
          held: 'off',
          revision: 1,
          rules: { rules: [], otherwise: null },
        },
        { environment: 'prod', on: false, shares: [{ variant: 'off', percent: 100 }] },
      ],
      absentFrom: [],
    });
    expect(view.history.items.map(({ changes }) => changes.map(({ key }) => key))).toEqual([
      ['toggle.change.appeared'],
      ['toggle.change.appeared'],
      ['toggle.change.created'],
    ]);
    expect(await entry('toggle.create')).toMatchObject({ subject: 'badge', application: 'catalog' });
    expect(
      await db
        .select()
        .from(events)
        .where(and(eq(events.kind, 'toggle'), eq(events.subject, 'badge'))),
    ).not.toEqual([]);
  });

  it('needs a key of its own, an application that there is, and variants of one type', async () => {
    await addToggle(owner, 'badge');
    await expect(addToggle(owner, 'badge')).rejects.toThrow('belongs to “The badge” already');
    await expect(addToggle(owner, 'other', { application: 'ghost' })).rejects.toThrow(
      'no application "ghost"',
    );
    await expect(addToggle(owner, 'mixed', { variants: { a: 1, b: 'x' } })).rejects.toThrow('variants');
    await archiveToggle(owner, { key: 'badge', reason: '' });
    await expect(addToggle(owner, 'badge')).rejects.toThrow('which is archived');
  });
});

describe('the list', () => {
  it('says what every environment serves, and finds by text, tag, kind and application', async () => {
    await addToggle(owner, 'badge', { application: 'catalog', tags: ['shop'] });
    await addToggle(owner, 'brake', { kind: 'operational', description: 'Stops recommendations' });
    await defineToggle(owner, 'badge', 'prod', { targeting: half });
    const [badge, brake] = await listToggles(owner, {});
    expect(badge?.environments.map(({ sentence }) => sentence)).toEqual([
      { key: 'toggle.serves.off', values: { served: 'variant', variant: 'off' } },
      { key: 'toggle.serves.split', values: { parts: '“on” 50 %, “off” 50 %' } },
    ]);
    expect(badge?.environments[1]?.shares).toEqual([
      { variant: 'on', percent: 50 },
      { variant: 'off', percent: 50 },
    ]);
    expect(brake?.key).toBe('brake');
    const keys = async (input: object) => (await listToggles(owner, input)).map(({ key }) => key);
    expect(await keys({ query: 'RECOMM stops' })).toEqual(['brake']);
    expect(await keys({ tag: 'shop' })).toEqual(['badge']);
    expect(await keys({ kind: 'operational' })).toEqual(['brake']);
    expect(await keys({ application: 'catalog' })).toEqual(['badge']);
    await archiveToggle(owner, { key: 'brake', reason: '' });
    expect(await keys({})).toEqual(['badge']);
    expect(await keys({ archived: true })).toEqual(['brake']);
  });

  it('says which version or other toggle a toggle waits for', async () => {
    await addToggle(owner, 'base');
    await addToggle(owner, 'badge');
    await defineToggle(owner, 'badge', 'prod', {
      prerequisites: [{ toggle: 'base', variants: ['on'] }],
    });
    await defineToggle(owner, 'badge', 'staging', {
      versionRequirement: { application: 'catalog', minimum: '1.1.0' },
    });
    const standing = async () =>
      (await getToggle(owner, { key: 'badge' })).environments.map(({ held, sentence }) => [
        held,
        sentence.key,
      ]);
    expect(await standing()).toEqual([
      ['version', 'toggle.serves.version'],
      ['prerequisite', 'toggle.serves.prerequisite'],
    ]);
    await seeServerGroup(world, 'eu', 'staging', 1, '1.1.0', { traffic: 1 });
    await switchToggle(owner, { key: 'base', environment: 'prod', on: true });
    expect(await standing()).toEqual([
      [null, 'toggle.serves.everyone'],
      [null, 'toggle.serves.everyone'],
    ]);
    expect((await getToggle(owner, { key: 'base' })).dependents).toEqual([
      { toggle: 'badge', environment: 'prod' },
    ]);
  });
});

describe('the switch', () => {
  it('changes one environment alone and says who did it', async () => {
    await addToggle(owner, 'badge');
    const input = { key: 'badge', environment: 'prod', on: true, revision: 1, reason: 'launch' };
    expect(await switchToggle(owner, input)).toMatchObject({ kind: 'applied', revision: 2 });
    expect((await kept('badge', 'prod'))?.on).toBe(true);
    expect((await kept('badge', 'staging'))?.on).toBe(false);
    expect(await entry('toggle.switch')).toMatchObject({
      actor: owner.actor?.name,
      subject: 'badge in prod',
      reason: 'launch',
      before: { on: false },
      after: { on: true },
    });
    expect(await switchToggle(owner, { ...input, revision: undefined })).toEqual({
      kind: 'unchanged',
      revision: 2,
    });
  });

  it('tells the second of two who throw it at once', async () => {
    await addToggle(owner, 'badge');
    const input = { key: 'badge', environment: 'prod', on: true, revision: 1 };
    const answers = await Promise.allSettled([switchToggle(owner, input), switchToggle(admin, input)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = answers.find((one) => one.status === 'rejected');
    expect(String(refused?.reason)).toContain('it is at revision 2, you looked at 1');
    const { items } = await toggleHistory(owner, { key: 'badge', environment: 'prod', limit: 10 });
    expect(items).toHaveLength(2);
  });

  it('is refused with a sentence where there is nothing to switch', async () => {
    await addToggle(owner, 'badge');
    const on = (key: string, environment: string) => switchToggle(owner, { key, environment, on: true });
    await expect(on('bagde', 'prod')).rejects.toThrow('There is no toggle “bagde”. Toggles: badge.');
    await expect(on('badge', 'moon')).rejects.toThrow('Environments: prod, staging.');
    await archiveToggle(owner, { key: 'badge', reason: '' });
    await expect(on('badge', 'prod')).rejects.toThrow('is archived. Restore it first.');
  });
});

describe('a definition', () => {
  it('is built from rules, and given back as rules', async () => {
    await addToggle(owner, 'badge');
    const rules = {
      rules: [
        {
          match: 'all' as const,
          conditions: [{ operator: 'equals' as const, attribute: 'plan', value: 'pro' }],
          serve: { kind: 'variant' as const, variant: 'on' },
        },
      ],
      otherwise: null,
    };
    await setToggleDefinition(
      owner,
      setDefinitionInput.parse({ key: 'badge', environment: 'prod', rules, reason: '' }),
    );
    const [, prod] = (await getToggle(owner, { key: 'badge' })).environments;
    expect(prod?.rules).toEqual(rules);
    expect(prod?.definition.targeting).toMatchObject({ if: expect.anything() });
  });

  it.each<[string, Parameters<typeof defineToggle>[3], string]>([
    ['an unknown variant', { targeting: { if: [true, 'maybe'] } }, 'no variant “maybe”'],
    ['an unknown operator', { targeting: { starts: ['a'] } }, 'environments.prod.targeting'],
    ['a segment that there is not', { targeting: { if: [{ $ref: 'ghost' }, 'on'] } }, 'ghost'],
    [
      'a toggle that there is not',
      { prerequisites: [{ toggle: 'ghost', variants: ['on'] }] },
      'no toggle “ghost”',
    ],
    ['itself', { prerequisites: [{ toggle: 'badge', variants: ['on'] }] }, 'badge → badge'],
    [
      'a text that cannot be kept',
      { targeting: { if: [{ '==': [{ var: 'a' }, '\0'] }, 'on'] } },
      'cannot be kept',
    ],
    [
      'a past moment',
      { schedule: [{ at: '2020-01-01T00:00:00Z', timeZone: 'UTC', set: { on: true } }] },
      'schedule[0].at lies in the past',
    ],
  ])('is refused with the place when it names %s', async (_name, definition, says) => {
    await addToggle(owner, 'badge');
    await expect(defineToggle(owner, 'badge', 'prod', definition)).rejects.toThrow(says);
    expect((await kept('badge', 'prod'))?.on).toBe(false);
  });

  it('is refused when others could not be served any more', async () => {
    await addToggle(owner, 'a');
    await addToggle(owner, 'b');
    await defineToggle(owner, 'b', 'prod', { prerequisites: [{ toggle: 'a', variants: ['on'] }] });
    await expect(
      defineToggle(owner, 'a', 'prod', { prerequisites: [{ toggle: 'b', variants: ['on'] }] }),
    ).rejects.toThrow('→');
    const variants = { yes: true, no: false };
    await expect(
      updateToggleDetails(owner, updateDetailsInput.parse({ key: 'a', details: { variants } })),
    ).rejects.toThrow('variant');
    await expect(archiveToggle(owner, { key: 'a', reason: '' })).rejects.toThrow('is needed by b');
  });
});

describe('the kill switch', () => {
  it('switches off everywhere at once, and what was scheduled stays away', async () => {
    await addToggle(owner, 'badge');
    await switchToggle(owner, { key: 'badge', environment: 'staging', on: true });
    const at = new Date(Date.now() + 3_600_000).toISOString();
    await defineToggle(owner, 'badge', 'prod', { schedule: [{ at, timeZone: 'UTC', set: { on: true } }] });
    const { killed, alreadyOff } = await killToggle(owner, { key: 'badge', reason: 'it burns' });
    expect(killed.map(({ environment }) => environment).toSorted()).toEqual(['prod', 'staging']);
    expect(alreadyOff).toEqual([]);
    expect(await kept('badge', 'prod')).toMatchObject({ on: false, schedule: [] });
    expect(await entry('toggle.kill')).toMatchObject({ subject: 'badge', reason: 'it burns' });
    expect(await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'again' })).toEqual({
      killed: [],
      alreadyOff: ['prod'],
    });
    const [prod] = killed.filter(({ environment }) => environment === 'prod');
    await undoChange(owner, { changeId: prod?.changeId ?? '', reason: 'it was the oven' });
    expect(await kept('badge', 'prod')).toMatchObject({ on: true, schedule: [{ at }] });
  });
});

describe('the kill switch where it is off already', () => {
  it('is in the history, outruns what waits for approval, and says so on the page', async () => {
    await addToggle(owner, 'badge');
    await applyToggleEnvironment(admin, { name: 'prod', requiresReview: true });
    const asked = await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    const id = asked.kind === 'requested' ? asked.requestId : '';
    expect(await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'it burns' })).toEqual({
      killed: [],
      alreadyOff: ['prod'],
    });
    const reviewer = await world.as('releaseManager');
    await expect(approveChangeRequest(reviewer, { id, comment: '' })).rejects.toThrow('has changed since');
    const { history } = await getToggle(owner, { key: 'badge' });
    expect(history.items[0]).toMatchObject({
      environment: 'prod',
      reason: { key: 'text', values: { text: 'it burns' } },
      changes: [{ key: 'toggle.change.killed' }, { key: 'toggle.change.keptOff' }],
      canUndo: false,
    });
  });
});

it('a definition that cannot be read disturbs no other toggle, and can be killed or written anew', async () => {
  await addToggle(owner, 'badge');
  await addToggle(owner, 'other');
  await db
    .update(toggleStates)
    .set({ definition: sql`'{"on": "perhaps", "schedule": 7}'` })
    .where(eq(toggleStates.toggle, 'badge'));
  expect(await switchToggle(owner, { key: 'other', environment: 'prod', on: true })).toMatchObject({
    kind: 'applied',
  });
  const list = await listToggles(owner, { query: 'badge' });
  expect(list).toMatchObject([{ key: 'badge', environments: [] }]);
  const { killed } = await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'odd' });
  expect(killed).toHaveLength(1);
  expect(await kept('badge', 'prod')).toMatchObject({ on: false, offVariant: null });
  expect(await defineToggle(owner, 'badge', 'staging', {})).toMatchObject({ kind: 'applied' });
  expect((await getToggle(owner, { key: 'badge' })).environments).toMatchObject([
    { on: true },
    { on: false },
  ]);
});

describe('undo', () => {
  it('takes the newest change of a place back, and is in the history itself', async () => {
    await addToggle(owner, 'badge');
    await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    const first = await newest('badge');
    await defineToggle(owner, 'badge', 'prod', { targeting: half });
    await expect(undoChange(owner, { changeId: first, reason: '' })).rejects.toThrow(
      'Undo the newest change first',
    );
    await undoChange(owner, { changeId: await newest('badge'), reason: '' });
    expect(await kept('badge', 'prod')).toMatchObject({ on: true, targeting: null });
    const { items } = await toggleHistory(owner, { key: 'badge', environment: 'prod', limit: 2 });
    expect(items.map(({ undoes, canUndo }) => [undoes !== null, canUndo])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(items[0]?.changes).toEqual([
      { key: 'toggle.change.percent', values: { variant: 'on', from: 50, to: 100 } },
    ]);
  });

  it('takes back details, but not the making of a toggle', async () => {
    await addToggle(owner, 'badge');
    const { items } = await toggleHistory(owner, { key: 'badge', limit: 10 });
    const made = items.find(({ environment }) => environment === null);
    expect(made?.canUndo).toBe(false);
    await expect(undoChange(owner, { changeId: made?.id ?? '', reason: '' })).rejects.toThrow(
      'Archive it instead',
    );
    await updateToggleDetails(owner, updateDetailsInput.parse({ key: 'badge', details: { name: 'Tag' } }));
    await undoChange(owner, { changeId: await newest('badge'), reason: '' });
    expect(await getToggle(owner, { key: 'badge' })).toMatchObject({ name: 'The badge', revision: 3 });
    await expect(undoChange(owner, { changeId: '999999', reason: '' })).rejects.toThrow('no change 999999');
  });
});
