import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { events, workers } from '@/db/schema';
import { testDatabase } from '@/db/test/database';
import { Presence } from '@/server/engine/presence';
import { silent } from '@/server/engine/testing/harness';

const database = await testDatabase();
const { db } = database;

it('shows a worker while it runs', async () => {
  const presence = new Presence(db, 'here', '1.2.3', silent);
  await presence.start();
  expect(await db.select({ id: workers.id, version: workers.version }).from(workers)).toEqual([
    { id: 'here', version: '1.2.3' },
  ]);
  await presence.stop();
  expect(await db.select().from(workers)).toEqual([]);
});

it('clears away events of old days and workers that died, and nothing else', async () => {
  const ago = (hours: number) => sql`now() - ${hours} * interval '1 hour'`;
  await db.insert(events).values([
    { kind: 'stage', subject: 'old', at: ago(25) },
    { kind: 'stage', subject: 'recent', at: ago(23) },
  ]);
  const worker = { host: 'test', pid: 1, version: '1' };
  await db.insert(workers).values([
    { id: 'dead', ...worker, seenAt: ago(0.01) },
    { id: 'alive', ...worker, seenAt: ago(0.001) },
  ]);

  await new Presence(db, 'janitor', '1', silent).clearAway();

  expect(await db.select({ subject: events.subject }).from(events)).toEqual([{ subject: 'recent' }]);
  expect(await db.select({ id: workers.id }).from(workers)).toEqual([{ id: 'alive' }]);
});
