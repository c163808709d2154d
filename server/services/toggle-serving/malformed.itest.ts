import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/test/database';
import { ToggleWorld } from '@/server/services/toggle-serving/testing/world';

const { db } = await testDatabase();
const world = new ToggleWorld(db);
const serving = world.serving();
const value = (key: string) => serving.environment('prod')?.evaluate(key, {}).value;

beforeAll(async () => {
  await world.environment('prod');
  await world.set('banner', 'prod');
  await world.set('other', 'prod', { on: false, offVariant: 'off' });
  await serving.ready();
});
afterAll(() => serving.stop());

describe('a definition that cannot be used', () => {
  it.each([
    ['of a wrong form', '{"on": "perhaps"}'],
    ['with rules that nobody can read', '{"on": true, "defaultVariant": "on", "targeting": {"foo": [1]}}'],
    ['with a variant that is not there', '{"on": true, "defaultVariant": "purple"}'],
  ])('%s stays as it was, and others can be switched', async (_, definition) => {
    await db.execute(
      sql`UPDATE toggle_states SET definition = ${definition}::jsonb WHERE toggle = 'banner' AND environment = 'prod'`,
    );
    await world.tell('banner');
    await expect.poll(() => [...serving.behind]).toEqual(['prod']);
    expect(value('banner')).toBe(true);
    await world.set('other', 'prod', { on: true });
    await expect.poll(() => value('other')).toBe(true);
    await world.set('other', 'prod', { on: false, offVariant: 'off' });
    await expect.poll(() => value('other')).toBe(false);
    expect(value('banner')).toBe(true);
    await world.set('banner', 'prod');
    await expect.poll(() => [...serving.behind]).toEqual([]);
  });

  it('that never was right is not there', async () => {
    await world.set('late', 'prod');
    await expect.poll(() => value('late')).toBe(true);
    await db.execute(sql`UPDATE toggle_states SET definition = '{"on": 1}' WHERE toggle = 'late'`);
    const other = world.serving();
    await other.ready();
    expect(other.environment('prod')?.evaluate('late', {})).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    expect(other.environment('prod')?.evaluate('banner', {}).value).toBe(true);
    await other.stop();
    await db.execute(sql`DELETE FROM toggles WHERE key = 'late'`);
    await world.tell('late');
    await expect.poll(() => value('late')).toBe(undefined);
  });

  it('leaves everything in place when a segment breaks', async () => {
    await db.execute(
      sql`INSERT INTO toggle_segments (key, name, condition, updated_by) VALUES ('s', '', '5', 'x')`,
    );
    await world.tell('s');
    await expect.poll(() => serving.behind.has('prod')).toBe(true);
    expect(value('banner')).toBe(true);
    await db.execute(sql`DELETE FROM toggle_segments`);
    await world.tell('s');
    await expect.poll(() => [...serving.behind]).toEqual([]);
  });
});
