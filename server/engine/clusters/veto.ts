import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { vetoes } from '@/db/schema';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { Vetoes } from '@/server/domain/rollback';

/** Who vetoed these bytes and why, whatever their name; null when nobody did. */
export async function vetoObjection(db: Database, artifact: ArtifactRef): Promise<Message | null> {
  const [veto] = await db
    .select({ by: vetoes.by, reason: vetoes.reason })
    .from(vetoes)
    .where(and(eq(vetoes.digest, artifact.digest), isNull(vetoes.liftedAt)))
    .orderBy(desc(vetoes.id))
    .limit(1);
  if (!veto) return null;
  const { name, version } = artifact;
  return message('engine.deploy.vetoed', { artifact: name, version, by: veto.by, reason: veto.reason });
}

/** The vetoes that stand on what the groups run. */
export async function vetoesAmong(db: Database, groups: readonly ServerGroup[]): Promise<Vetoes> {
  const digests = groups.map((group) => group.artifact.digest);
  const rows = await db
    .select({ digest: vetoes.digest, by: vetoes.by, reason: vetoes.reason })
    .from(vetoes)
    .where(and(isNull(vetoes.liftedAt), inArray(vetoes.digest, digests)));
  return new Map(rows.map(({ digest, by, reason }) => [digest, { by, reason }]));
}
