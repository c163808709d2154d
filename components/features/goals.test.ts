import { expect, it } from 'vitest';
import { goalRows, hasGoals } from '@/components/features/goals.view';
import type { ToggleGoals } from '@/server/domain/views/toggle-goals';

const bought = { goal: 'bought', count: 12, sum: 340 };
const goals: ToggleGoals = {
  from: '2026-10-24T00:00:00Z',
  to: '2026-11-21T00:00:00Z',
  environments: [
    {
      environment: 'prod',
      variants: [
        { variant: 'on', evaluations: 100, goals: [bought] },
        { variant: 'off', evaluations: 300, goals: [] },
        { variant: 'never', evaluations: 0, goals: [] },
      ],
    },
    { environment: 'staging', variants: [{ variant: 'on', evaluations: 0, goals: [] }] },
  ],
};

it('variants are compared goal by goal, those that reached none too', () => {
  const row = { environment: 'prod', goal: 'bought' };
  expect(goalRows(goals)).toEqual([
    { ...row, variant: 'on', evaluations: 100, count: 12, sum: 340 },
    { ...row, variant: 'off', evaluations: 300, count: 0, sum: 0 },
  ]);
  expect(hasGoals(goals)).toBe(true);
  expect(hasGoals({ ...goals, environments: goals.environments.slice(1) })).toBe(false);
});
