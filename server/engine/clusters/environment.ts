import { and, eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { environments } from '@/db/schema';

export type EnvironmentRow = typeof environments.$inferSelect;

export async function readEnvironment(
  db: Database,
  application: string,
  name: string,
): Promise<EnvironmentRow | undefined> {
  const [row] = await db
    .select()
    .from(environments)
    .where(and(eq(environments.application, application), eq(environments.name, name)));
  return row;
}

/** The environment whose cluster this is, if any. */
export async function environmentOf(
  db: Database,
  account: string,
  cluster: string,
): Promise<EnvironmentRow | undefined> {
  const [row] = await db
    .select()
    .from(environments)
    .where(and(eq(environments.account, account), eq(environments.cluster, cluster)));
  return row;
}
