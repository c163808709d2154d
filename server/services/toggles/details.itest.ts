import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/server/services/context';
import { addToggle, emptyToggles, keptDefinition, switchToggle } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { archiveToggle } from '@/server/services/toggles/archive';
import { getToggle } from '@/server/services/toggles/get';
import { restoreToggle } from '@/server/services/toggles/restore';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';

const world = await testWorld();
let owner: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
});
beforeEach(() => emptyToggles(world, admin));

const kept = (key: string, environment: string) => keptDefinition(world, key, environment);

describe('details', () => {
  it('do not change the type of what is served', async () => {
    await addToggle(owner, 'badge');
    await switchToggle(owner, { key: 'badge', environment: 'staging', on: true });
    const input = updateDetailsInput.parse({ key: 'badge', details: { variants: { on: 'yes', off: 'no' } } });
    await expect(updateToggleDetails(owner, input)).rejects.toThrow(
      '“The badge” is on in staging, where applications ask for a boolean and would get a string',
    );
    await switchToggle(owner, { key: 'badge', environment: 'staging', on: false });
    expect(await updateToggleDetails(owner, input)).toMatchObject({ kind: 'applied' });
  });

  it('change what is given and nothing else, once', async () => {
    await addToggle(owner, 'badge', { tags: ['shop'] });
    const expiresAt = '2030-01-01T00:00:00+01:00';
    const input = { key: 'badge', details: { name: 'Tag', expiresAt }, revision: 1 };
    const outcome = await updateToggleDetails(owner, updateDetailsInput.parse(input));
    expect(outcome).toMatchObject({ kind: 'applied', revision: 2 });
    expect(await getToggle(owner, { key: 'badge' })).toMatchObject({
      name: 'Tag',
      tags: ['shop'],
      expiresAt: '2029-12-31T23:00:00.000Z',
    });
    await expect(updateToggleDetails(owner, updateDetailsInput.parse(input))).rejects.toThrow('revision 2');
    const again = updateDetailsInput.parse({ key: 'badge', details: { name: 'Tag' } });
    expect(await updateToggleDetails(owner, again)).toEqual({ kind: 'unchanged', revision: 2 });
  });

  it('keep a toggle off that has expired, until it expires later', async () => {
    await addToggle(owner, 'badge', { expiresAt: '2020-01-01T00:00:00Z', onExpiry: 'off' });
    const on = { key: 'badge', environment: 'prod', on: true };
    await expect(switchToggle(owner, on)).rejects.toThrow(
      'expired at 2020-01-01T00:00:00.000Z and stays off',
    );
    await updateToggleDetails(
      owner,
      updateDetailsInput.parse({ key: 'badge', details: { expiresAt: null } }),
    );
    expect(await switchToggle(owner, on)).toMatchObject({ kind: 'applied' });
  });

  it('do not switch on again what has expired when they move the expiry', async () => {
    await addToggle(owner, 'badge', { expiresAt: '2090-01-01T00:00:00Z', onExpiry: 'off' });
    await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    const later: ServiceContext = { ...owner, clock: { now: () => new Date('2090-01-01T00:00:01Z') } };
    await updateToggleDetails(
      later,
      updateDetailsInput.parse({ key: 'badge', details: { expiresAt: null } }),
    );
    expect(await kept('badge', 'prod')).toMatchObject({ on: false });
    expect(await switchToggle(later, { key: 'badge', environment: 'prod', on: true })).toMatchObject({
      kind: 'applied',
    });
  });

  it('of an archived toggle come back with it', async () => {
    await addToggle(owner, 'badge');
    await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    await archiveToggle(owner, { key: 'badge', reason: 'done' });
    expect(await getToggle(owner, { key: 'badge' })).toMatchObject({
      archivedAt: expect.any(String),
      environments: [{}, { sentence: { key: 'toggle.serves.archived' } }],
    });
    await restoreToggle(owner, { key: 'badge', reason: '' });
    expect(await getToggle(owner, { key: 'badge' })).toMatchObject({
      archivedAt: null,
      environments: [{}, { on: true, sentence: { key: 'toggle.serves.everyone' } }],
    });
  });
});
