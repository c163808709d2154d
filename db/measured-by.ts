import { and, eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { serverGroups } from '@/db/schema';
import type { ScopePair, ScopeSide } from '@/server/domain/analysis';

/**
 * Both sides with the names by which metrics sources know their server groups, as the inventory has them. A side that
 * is no server group, or that says the same names itself, stays as it is.
 */
export async function withMeasuredBy(db: Database, scopes: ScopePair): Promise<ScopePair> {
  const [baseline, canary] = await Promise.all([side(db, scopes.baseline), side(db, scopes.canary)]);
  return { ...scopes, baseline, canary };
}

async function side(db: Database, given: ScopeSide): Promise<ScopeSide> {
  const rows = await db
    .select({ data: serverGroups.data })
    .from(serverGroups)
    .where(and(eq(serverGroups.name, given.scope), eq(serverGroups.region, given.location)));
  const known = rows.flatMap(({ data }) => (data.measuredBy ? [data.measuredBy] : []));
  // Two accounts may have groups of one name: which of them is meant, only a person can say.
  const [names, another] = known;
  return names && !another ? { ...given, extra: { ...names, ...given.extra } } : given;
}
