import { desc, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { toggles } from '@/db/schema';
import { toggleKindSchema } from '@/server/domain/toggles';
import type { ToggleSummary } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readSummaryFacts, type SummaryFacts, toggleSummary } from '@/server/services/toggles/summary';
import { type ToggleRow, toggleOf } from '@/server/toggle-state/load';

export const listTogglesInput = z.object({
  application: z.string().optional(),
  kind: toggleKindSchema.optional(),
  tag: z.string().optional(),
  /** Found in key, name, description, owner or tags. */
  query: z.string().max(200).optional(),
  /** Only those that should be cleaned up. */
  stale: z.boolean().optional(),
  /** Those that are archived, in place of the others. */
  archived: z.boolean().optional(),
});
type Input = z.output<typeof listTogglesInput>;

/** The toggles with how each stands in every environment, in the order of their names. */
export async function listToggles(ctx: ServiceContext, input: Input): Promise<ToggleSummary[]> {
  requirePermission(ctx, 'read');
  const facts = await readSummaryFacts(ctx.db, ctx.clock.now());
  const rows = input.archived
    ? await ctx.db
        .select()
        .from(toggles)
        .where(isNotNull(toggles.archivedAt))
        .orderBy(desc(toggles.archivedAt))
    : [...facts.world.rows.values()];
  return rows
    .filter((row) => isWanted(row, input))
    .map((row) => summaryOf(facts, row))
    .filter(({ stale }) => !input.stale || stale.length > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function summaryOf(facts: SummaryFacts, row: ToggleRow): ToggleSummary {
  return toggleSummary(facts, row, facts.world.toggles.get(row.key) ?? toggleOf(row, []));
}

function isWanted(row: ToggleRow, { application, kind, tag, query }: Input): boolean {
  if (application !== undefined && row.application !== application) return false;
  if (kind !== undefined && row.kind !== kind) return false;
  if (tag !== undefined && !row.tags.includes(tag)) return false;
  if (!query?.trim()) return true;
  const text = [row.key, row.name, row.description, row.owner ?? '', ...row.tags].join('\n').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
