import type { FlagMetadata, ToggleKind, Variants } from '@/server/domain/toggles';
import type { ToggleRow } from '@/server/toggle-state/load';

/** What of a toggle is the same everywhere, as its history keeps it. */
export interface ToggleDetails {
  readonly name: string;
  readonly description: string;
  readonly application: string | null;
  readonly kind: ToggleKind;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly expiresAt: string | null;
  readonly onExpiry: 'report' | 'off';
  readonly variants: Variants;
  readonly metadata: FlagMetadata;
  readonly archived: boolean;
}

export function detailsOf(row: ToggleRow): ToggleDetails {
  const { name, description, application, kind, tags, owner, onExpiry, variants, metadata } = row;
  return {
    name,
    description,
    application,
    kind,
    tags,
    owner,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    onExpiry,
    variants,
    metadata,
    archived: row.archivedAt !== null,
  };
}
