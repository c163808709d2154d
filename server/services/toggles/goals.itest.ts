import { beforeEach, expect, it } from 'vitest';
import { toggleCounts, toggleGoals } from '@/db/schema';
import { addToggle, emptyToggles } from '@/server/services/testing/toggles';
import { ALL, testWorld } from '@/server/services/testing/world';
import { readGoals } from '@/server/services/toggles/goals';

const world = await testWorld();
const admin = await world.as('admin');
const token = await world.token(ALL, 'admin');

beforeEach(async () => {
  await world.db.delete(toggleGoals);
  await emptyToggles(world, admin);
});

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date((Math.floor(Date.now() / HOUR_MS) - hours) * HOUR_MS);

it('says per variant how often it was served and which goals were tracked', async () => {
  for (const key of ['colour', 'other']) {
    await addToggle(admin, key, { kind: 'experiment', variants: { red: 'r', blue: 'b' } });
  }
  const place = { toggle: 'colour', environment: 'prod' };
  const served = { ...place, lastAt: new Date() };
  await world.db.insert(toggleCounts).values([
    { ...served, variant: 'red', hour: hoursAgo(1), count: 40 },
    { ...served, variant: 'red', hour: hoursAgo(30), count: 60 },
    { ...served, variant: '', hour: hoursAgo(2), count: 5 },
    { ...served, variant: 'red', hour: hoursAgo(24 * 30), count: 999 },
    { ...served, toggle: 'other', variant: 'red', hour: hoursAgo(1), count: 7 },
  ]);
  const goal = { ...place, variant: 'red', hour: hoursAgo(1) };
  await world.db.insert(toggleGoals).values([
    { ...goal, goal: 'looked', count: 1, sum: 0 },
    { ...goal, goal: 'bought', count: 2, sum: 25 },
    { ...goal, goal: 'bought', hour: hoursAgo(30), count: 3, sum: 5 },
    { ...goal, goal: 'bought', hour: hoursAgo(24 * 30), count: 99, sum: 1 },
    { ...goal, goal: 'bought', toggle: 'other', count: 99, sum: 1 },
    { ...goal, goal: 'bought', environment: 'staging', variant: 'green', count: 1, sum: 1 },
  ]);
  const { environments } = await readGoals(admin, { key: 'colour' });
  const none = { evaluations: 0, goals: [] };
  const bought = { goal: 'bought', count: 5, sum: 30 };
  expect(environments).toEqual([
    {
      environment: 'staging',
      // One that it does not have any more.
      variants: [
        { variant: 'red', ...none },
        { variant: 'blue', ...none },
        { variant: 'green', evaluations: 0, goals: [{ goal: 'bought', count: 1, sum: 1 }] },
      ],
    },
    {
      environment: 'prod',
      variants: [
        { variant: 'red', evaluations: 100, goals: [bought, { goal: 'looked', count: 1, sum: 0 }] },
        { variant: 'blue', ...none },
        { variant: null, evaluations: 5, goals: [] },
      ],
    },
  ]);
  const day = `from=${hoursAgo(24).toISOString()}&to=${new Date().toISOString()}`;
  const answer = await world.rest('GET', `/toggles/colour/goals?${day}`, { token });
  expect(answer.body.environments[1].variants[0]).toMatchObject({
    evaluations: 40,
    goals: [{ count: 2 }, {}],
  });
});

it('refuses a time that is none, and a toggle that is not there', async () => {
  await addToggle(admin, 'badge');
  const at = '2026-01-01T00:00:00Z';
  await expect(readGoals(admin, { key: 'badge', from: at, to: at })).rejects.toThrow('from before to');
  await expect(readGoals(admin, { key: 'ghost' })).rejects.toThrow('There is no toggle “ghost”');
});
