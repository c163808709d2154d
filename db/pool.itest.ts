import { expect, it } from 'vitest';
import { createDatabase } from '@/db/client';
import { testDatabase } from '@/db/test/database';

const database = await testDatabase();

it('gets a connection back that is lost before its transaction began, and can be closed', async () => {
  const handle = createDatabase(database.url, { max: 1 });
  const lent = await handle.pool.connect();
  const { rows } = await lent.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise((resolve) => lent.once('end', resolve));
  await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;

  // Its borrower never gives it back, and the pool has no other.
  await expect(handle.pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  await handle.close();
});

it('does not mind that the borrower gives back what was taken back already', async () => {
  const handle = createDatabase(database.url, { max: 1 });
  const transaction = handle.db.transaction(async (tx) => {
    await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())');
  });
  await expect(transaction).rejects.toThrow();
  expect((await handle.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await handle.close();
});
