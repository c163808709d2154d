import { type SQL, sql } from 'drizzle-orm';
import { findMiscounted, findStuck } from '@/server/engine/requests/stuck';
import type { World } from '@/server/engine/testing/chaos/world';

/** What must not be there when all has ended, each as a query that answers nothing. */
const NOTHING: Readonly<Record<string, SQL>> = {
  'executions that have not ended': sql`SELECT id, status FROM executions WHERE ended_at IS NULL`,
  'jobs left': sql`SELECT key, run_at, claimed_by, last_error FROM jobs`,
  'stages open in an ended execution': sql`
    SELECT s.ref_id, s.status FROM stages s JOIN executions e ON e.id = s.execution_id
    WHERE e.ended_at IS NOT NULL AND s.ended_at IS NULL`,
  'stages that ended twice': sql`SELECT stage, count(*) FROM completions GROUP BY stage HAVING count(*) > 1`,
  'stages done without their effect': sql`
    SELECT s.id FROM stages s
    WHERE s.type = 'count' AND s.status = 'succeeded' AND NOT EXISTS (SELECT 1 FROM effects f WHERE f.operation = s.id::text)`,
  'effects of stages that never started': sql`
    SELECT f.operation FROM effects f LEFT JOIN stages s ON s.id::text = f.operation WHERE s.started_at IS NULL`,
  'stages that started before what they require had ended': sql`
    SELECT t.ref_id FROM stage_edges e JOIN stages f ON f.id = e.from_id JOIN stages t ON t.id = e.to_id
    WHERE t.started_at IS NOT NULL AND (f.ended_at IS NULL OR f.ended_at > t.started_at)`,
  'parents that ended before their children': sql`
    SELECT p.ref_id FROM stages c JOIN stages p ON p.id = c.parent_id
    WHERE p.status <> 'canceled' AND (c.ended_at IS NULL OR c.ended_at > p.ended_at)`,
  'server groups planned twice': sql`
    SELECT config ->> 'serverGroup' FROM stages WHERE status = 'succeeded'
    GROUP BY 1 HAVING count(*) FILTER (WHERE type = 'createServerGroup')
      > 1 + count(*) FILTER (WHERE type = 'destroyServerGroup')`,
};

/** @returns what is wrong, in words; nothing when all is well. */
export async function findViolations({ database }: World): Promise<string[]> {
  const { db } = database;
  const found: string[] = [];
  for (const [what, query] of Object.entries(NOTHING)) {
    const { rows } = await db.execute(query);
    if (rows.length > 0) found.push(`${what}: ${rows.length}, e.g. ${JSON.stringify(rows.slice(0, 3))}`);
  }
  const stuck = await findStuck(db);
  if (stuck.length > 0) found.push(`stuck: ${JSON.stringify(stuck.slice(0, 3))}`);
  const miscounted = await findMiscounted(db);
  if (miscounted.length > 0) found.push(`miscounted: ${JSON.stringify(miscounted.slice(0, 3))}`);
  return found;
}

/** Every server group on the platform was asked for by a stage, and none is there twice. */
export async function findStrayGroups({ database, platform }: World): Promise<string[]> {
  const { serverGroups } = await platform.provider.describe();
  const { rows } = await database.db.execute<{ name: string }>(
    sql`SELECT DISTINCT config ->> 'serverGroup' AS name FROM stages WHERE type = 'createServerGroup'`,
  );
  const asked = new Set(rows.map(({ name }) => name));
  const names = serverGroups.map((group) => group.name);
  return [
    ...names.filter((name) => !asked.has(name)).map((name) => `nobody asked for ${name}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
  ];
}
