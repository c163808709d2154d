import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { artifacts } from '@/db/schema';
import type { ArtifactView } from '@/server/domain/views/admin';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { groupBy, iso } from '@/server/services/shared/sql';

export const listArtifactsInput = z.object({ name: z.string().optional() });

/** Enough for any list that a person reads. */
const LIMIT = 500;

/** Artifacts, newest first, with where each runs now and who forbids it. */
export async function listArtifacts(
  ctx: ServiceContext,
  input: z.output<typeof listArtifactsInput>,
): Promise<ArtifactView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select()
    .from(artifacts)
    .where(input.name === undefined ? undefined : eq(artifacts.name, input.name))
    .orderBy(desc(artifacts.createdAt), desc(artifacts.version))
    .limit(LIMIT);
  const [vetoes, running] = await Promise.all([
    activeVetoes(
      ctx.db,
      rows.map((row) => row.digest),
    ),
    readRunning(ctx),
  ]);
  const runsIn = groupBy(running, (row) => row.digest);
  return rows.map(({ createdAt, ...row }) => ({
    ...row,
    createdAt: iso(createdAt),
    veto: vetoes.get(row.digest) ?? null,
    runsIn: (runsIn.get(row.digest) ?? []).map((place) => place.environment),
  }));
}

/** Which digests take traffic in which environment. */
async function readRunning(ctx: ServiceContext): Promise<{ digest: string; environment: string }[]> {
  const { rows } = await ctx.db.execute<{ digest: string; environment: string }>(sql`
    SELECT DISTINCT g.data->'artifact'->>'digest' AS digest, e.name AS environment
    FROM inventory_server_groups g
    JOIN environments e ON e.account = g.account AND e.cluster = g.cluster
    WHERE (g.data->>'traffic')::float8 > 0 ORDER BY 2`);
  return rows;
}
