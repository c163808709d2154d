import { and, eq, isNull, lte, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { pins, vetoes } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { PIN_HOURS } from '@/server/domain/rollback';

export interface PinRequest {
  readonly application: string;
  readonly account: string;
  readonly cluster: string;
  readonly artifact: ArtifactRef;
  readonly reason: string;
  readonly by: string;
  /** When the rollback began: by this moment its pins are known. */
  readonly at: SQL;
}

/** Holds the cluster at what it goes back to, in place of what pinned it before. */
export async function pinCluster(tx: Transaction, request: PinRequest): Promise<void> {
  const { application, account, cluster, artifact, reason, by, at } = request;
  await tx
    .update(pins)
    .set({ liftedAt: at, liftedBy: by })
    .where(
      and(eq(pins.account, account), eq(pins.cluster, cluster), isNull(pins.liftedAt), lte(pins.at, at)),
    );
  await tx.insert(pins).values({
    application,
    account,
    cluster,
    digest: artifact.digest,
    version: artifact.version,
    reason,
    by,
    at,
    expiresAt: sql`now() + make_interval(hours => ${PIN_HOURS})`,
  });
  await recordEvents(tx, [{ kind: 'pin', application, subject: cluster }]);
}

/** Forbids an artifact that was taken back, unless somebody has already. */
export async function vetoArtifact(
  tx: Transaction,
  { digest, name }: ArtifactRef,
  by: string,
  reason: string,
): Promise<void> {
  const [standing] = await tx
    .select({ id: vetoes.id })
    .from(vetoes)
    .where(and(eq(vetoes.digest, digest), isNull(vetoes.liftedAt)))
    .limit(1);
  if (standing) return;
  await tx.insert(vetoes).values({ digest, reason, by });
  await recordEvents(tx, [{ kind: 'artifact', subject: name }]);
}
