import { expect, it } from 'vitest';
import { executions } from '@/db/schema';
import type { Status } from '@/server/domain/status';
import { getTrend, getTrendInput } from '@/server/services/executions/trend';
import { testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const reader = await world.as('productOwner');
const DAY_MS = 86_400_000;

async function ended(
  status: Status,
  daysAgo: number,
  seconds: number,
  kind: 'manual' | 'rollback' = 'manual',
) {
  const endedAt = new Date(Date.now() - daysAgo * DAY_MS);
  await world.db.insert(executions).values({
    application: 'catalog',
    pipeline: 'deploy-staging',
    definition: { name: 'deploy-staging', description: '', parameters: [], stages: [] },
    status,
    trigger: { kind, by: 'Erin', userId: null, note: null },
    openStages: 0,
    startedAt: new Date(endedAt.getTime() - seconds * 1_000),
    endedAt,
  });
}

await ended('succeeded', 0, 10);
await ended('succeeded', 2, 20);
await ended('succeeded', 2, 90, 'rollback');
await ended('errored', 2, 5);
await ended('stopped', 2, 5);
await ended('failed', 40, 5);

it('counts how executions ended, day by day, days without any included', async () => {
  const trend = await getTrend(reader, getTrendInput.parse({ days: 4 }));
  expect(trend.days.map(({ succeeded, failed, withdrawn }) => [succeeded, failed, withdrawn])).toEqual([
    [0, 0, 0],
    [2, 1, 1],
    [0, 0, 0],
    [1, 0, 0],
  ]);
  expect(trend).toMatchObject({ failureShare: 0.2, medianSeconds: 20, rollbacks: 1 });
});

it('has no share and no median where nothing ended', async () => {
  const trend = await getTrend(reader, getTrendInput.parse({ application: 'basket', days: 2 }));
  expect(trend).toMatchObject({ failureShare: null, medianSeconds: null, rollbacks: 0 });
  expect(trend.days).toHaveLength(2);
});

it('refuses a time zone that does not exist', () => {
  expect(getTrendInput.safeParse({ timeZone: 'Mars/Olympus' }).error?.issues[0]?.message).toContain(
    'time zone',
  );
});
