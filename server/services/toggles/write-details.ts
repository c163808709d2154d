import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { toggles } from '@/db/schema';
import { detailsOf, type ToggleDetails } from '@/server/services/toggles/details';
import type { ToggleRow } from '@/server/toggle-state/load';
import { recordChange, type ToggleChange } from '@/server/toggle-state/write';

export interface WrittenDetails {
  readonly changeId: string;
  readonly revision: number;
}

/** The columns of a row that has other details, as `writeDetails` writes them. */
export function detailColumns(row: ToggleRow, after: ToggleDetails, by: string, at: Date) {
  const { archived, expiresAt, ...plain } = after;
  return {
    ...plain,
    tags: [...after.tags],
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    archivedAt: archived ? (row.archivedAt ?? at) : null,
    revision: row.revision + 1,
    updatedAt: at,
    updatedBy: by,
  };
}

/** Writes what is the same everywhere, with its history; null when nothing differs. */
export async function writeDetails(
  tx: Transaction,
  row: ToggleRow,
  after: ToggleDetails,
  change: Pick<ToggleChange, 'application' | 'by' | 'at' | 'reason' | 'undoes'>,
): Promise<WrittenDetails | null> {
  const before = detailsOf(row);
  if (isDeepStrictEqual(before, after)) return null;
  const values = detailColumns(row, after, change.by, change.at);
  await tx.update(toggles).set(values).where(eq(toggles.key, row.key));
  const changeId = await recordChange(tx, { ...change, toggle: row.key, environment: null, before, after });
  return { changeId: String(changeId), revision: values.revision };
}
