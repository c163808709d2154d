import { beforeEach, expect, it } from 'vitest';
import type { ServiceContext } from '@/server/services/context';
import { addToggle, defineToggle, emptyToggles } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { toggleHistory } from '@/server/services/toggles/history';
import { reasonMessage } from '@/server/services/toggles/history-reason';
import { killToggle } from '@/server/services/toggles/kill';
import { setToggleOn } from '@/server/services/toggles/set-on';
import { undoChange } from '@/server/services/toggles/undo';

const world = await testWorld();
let owner: ServiceContext;

beforeEach(async () => {
  owner = await world.as('productOwner');
  await emptyToggles(world, await world.as('admin'));
  await addToggle(owner, 'badge');
  for (const environment of ['staging', 'prod'])
    await defineToggle(owner, 'badge', environment, { on: true, defaultVariant: 'on' });
});

const history = async () => (await toggleHistory(owner, { key: 'badge', limit: 10 })).items;
const said = async () =>
  (await history()).map(
    ({ environment, changes }) => `${environment} ${changes.map(({ key }) => key).join()}`,
  );

it('says of a kill that it was one, and whether it was everywhere', async () => {
  await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'it burns' });
  expect((await said())[0]).toBe('prod toggle.change.killed');
  await killToggle(owner, { key: 'badge', reason: 'it burns everywhere' });
  const newest = (await said()).slice(0, 2);
  expect(newest.toSorted()).toEqual([
    'prod toggle.change.killedEverywhere,toggle.change.keptOff',
    'staging toggle.change.killedEverywhere',
  ]);
});

it('says of who only turns it off that they turned it off', async () => {
  await setToggleOn(owner, { key: 'badge', environment: 'prod', on: false, reason: '' });
  expect((await said())[0]).toBe('prod toggle.change.off');
});

it('marks the change that was taken back, and the one that did so', async () => {
  await setToggleOn(owner, { key: 'badge', environment: 'prod', on: false, reason: 'too early' });
  const [off] = await history();
  await undoChange(owner, { changeId: off?.id ?? '', reason: 'not too early' });
  const [undo, undone] = await history();
  expect(undo).toMatchObject({ undoes: off?.id, isTakenBack: false });
  expect(undone).toMatchObject({ id: off?.id, isTakenBack: true, undoes: null });
});

it.each([
  [
    'put back: ramp ended as failed',
    { key: 'toggle.reason.putBack', values: { pipeline: 'ramp', status: 'failed' } },
  ],
  ['as its schedule or expiry had it', { key: 'toggle.reason.clock' }],
  ['as scheduled by Olivia', { key: 'toggle.reason.scheduled', values: { by: 'Olivia' } }],
  ['it expired', { key: 'toggle.reason.expired' }],
  ['the summer sale', { key: 'text', values: { text: 'the summer sale' } }],
])('has “%s” in the words of its reader', (reason, words) => {
  expect(reasonMessage(reason)).toMatchObject(words);
});
