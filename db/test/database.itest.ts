import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';

it('gives each caller a migrated database of its own', async () => {
  const [first, second] = [await testDatabase(), await testDatabase()];

  await first.db.execute(sql`CREATE TABLE mark (id int)`);
  const tables = await second.db.execute(sql`SELECT 1 FROM pg_tables WHERE tablename = 'mark'`);
  const migrations = await second.db.execute(sql`SELECT hash FROM drizzle.__drizzle_migrations`);

  expect(tables.rowCount).toBe(0);
  expect(migrations.rowCount).toBeGreaterThan(0);
});
