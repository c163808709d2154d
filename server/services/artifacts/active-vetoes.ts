import { and, inArray, isNull } from 'drizzle-orm';
import { vetoes } from '@/db/schema';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';

export interface VetoView {
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** Vetoes that stand, by digest. */
export async function activeVetoes(db: Reader, digests: readonly string[]): Promise<Map<string, VetoView>> {
  if (digests.length === 0) return new Map();
  const rows = await db
    .select()
    .from(vetoes)
    .where(and(isNull(vetoes.liftedAt), inArray(vetoes.digest, [...new Set(digests)])))
    .orderBy(vetoes.id);
  return new Map(rows.map((row) => [row.digest, { reason: row.reason, by: row.by, at: iso(row.at) }]));
}
