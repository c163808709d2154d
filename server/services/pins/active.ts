import { and, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { pins } from '@/db/schema';
import type { PinView } from '@/server/domain/views/board';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';

export interface ActivePin extends PinView {
  readonly id: bigint;
  readonly account: string;
  readonly cluster: string;
  readonly digest: string;
}

/** Pins that hold now: neither lifted nor run out. */
export async function activePins(db: Reader, which?: SQL): Promise<ActivePin[]> {
  const rows = await db
    .select()
    .from(pins)
    .where(and(isNull(pins.liftedAt), or(isNull(pins.expiresAt), gt(pins.expiresAt, sql`now()`)), which))
    .orderBy(pins.id);
  return rows.map((row) => ({ ...row, at: iso(row.at), expiresAt: iso(row.expiresAt) }));
}

/** The pin of one cluster; the latest when there are several. */
export async function activePin(
  db: Reader,
  cluster: { readonly account: string; readonly cluster: string },
): Promise<ActivePin | null> {
  const found = await activePins(
    db,
    and(eq(pins.account, cluster.account), eq(pins.cluster, cluster.cluster)),
  );
  return found.at(-1) ?? null;
}

/** What screens may know of a pin. */
export function pinView(pin: ActivePin): PinView {
  return { version: pin.version, reason: pin.reason, by: pin.by, at: pin.at, expiresAt: pin.expiresAt };
}
