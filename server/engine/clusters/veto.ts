import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { vetoes } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';

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
