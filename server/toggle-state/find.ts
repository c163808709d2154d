import { asc, eq, isNull, sql } from 'drizzle-orm';
import { toggles } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { EnvironmentRow, Reader, ToggleRow } from '@/server/toggle-state/load';

/** @throws AppError `not_found` naming the toggles whose keys are most alike. */
export async function findToggle(db: Reader, key: string): Promise<ToggleRow> {
  const [row] = await db.select().from(toggles).where(eq(toggles.key, key));
  if (row) return row;
  const known = await db
    .select({ key: toggles.key })
    .from(toggles)
    .where(isNull(toggles.archivedAt))
    .orderBy(sql`left(${toggles.key}, 3) = left(${key}, 3) DESC`, asc(toggles.key))
    .limit(10);
  const names = known.map((one) => one.key);
  throw new AppError('not_found', `There is no toggle “${key}”. ${listed('Toggles', names)}`);
}

/** @throws AppError `conflict` for one that is archived, `not_found` for one that is not. */
export async function findLiveToggle(db: Reader, key: string): Promise<ToggleRow> {
  const row = await findToggle(db, key);
  if (row.archivedAt === null) return row;
  throw new AppError('conflict', `The toggle “${key}” is archived. Restore it first.`);
}

/** @throws AppError `not_found` naming the environments that there are. */
export function requireToggleEnvironment(
  environments: readonly EnvironmentRow[],
  name: string,
): EnvironmentRow {
  const found = environments.find((one) => one.name === name);
  if (found) return found;
  const names = environments.map((one) => one.name);
  throw new AppError(
    'not_found',
    `There is no environment “${name}” of toggles. ${listed('Environments', names)} Someone with integration.write can add one.`,
  );
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? 'There are none yet.' : `${what}: ${names.join(', ')}.`;
}
