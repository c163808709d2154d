import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createDatabase } from '@/db/client';
import { isDatabaseAway, sqlStateOf } from '@/db/errors';
import { testDatabase } from '@/db/test/database';

const database = await testDatabase();
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

it('knows a statement that failed, and its SQLSTATE', async () => {
  const error = await failure(database.db.execute(sql`select ${'a\u0000b'}::text`));
  expect([sqlStateOf(error), isDatabaseAway(error)]).toEqual(['22021', false]);
  expect(sqlStateOf(new Error('something else'))).toBeNull();
});

it('knows a database that is not there, within a transaction and without', async () => {
  const nowhere = createDatabase('postgres://someone@127.0.0.1:1/none');
  expect(isDatabaseAway(await failure(nowhere.db.execute(sql`select 1`)))).toBe(true);
  expect(isDatabaseAway(await failure(nowhere.db.transaction((tx) => tx.execute(sql`select 1`))))).toBe(true);
  await nowhere.close();
});

it('knows a connection that is cut off in the middle of a statement', async () => {
  const other = createDatabase(database.url, { max: 1, applicationName: 'cut-off' });
  const broken = failure(other.db.execute(sql`select pg_sleep(60)`));
  await expect
    .poll(async () => {
      const { rows } = await database.db.execute<{ ended: boolean }>(sql`
        select pg_terminate_backend(pid) as ended from pg_stat_activity
        where application_name = 'cut-off' and state = 'active'`);
      return rows.length;
    })
    .toBe(1);
  expect(isDatabaseAway(await broken)).toBe(true);
  await other.close();
});
