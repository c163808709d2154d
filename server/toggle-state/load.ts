import { asc, isNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db/client';
import { toggleEnvironments, toggleSegments, toggleStates, toggles } from '@/db/schema';
import {
  type Segment,
  type Toggle,
  type ToggleDefinition,
  toggleDefinitionSchema,
} from '@/server/domain/toggles';
import type { EnvironmentFacts } from '@/server/toggles/environment/standing';

export type Reader = Database | Transaction;
export type ToggleRow = typeof toggles.$inferSelect;
export type StateRow = typeof toggleStates.$inferSelect;
export type EnvironmentRow = typeof toggleEnvironments.$inferSelect;

/** Everything that decides what is served, but for the facts. */
export interface ToggleWorld {
  readonly rows: ReadonlyMap<string, ToggleRow>;
  /** By key, those that are not archived. */
  readonly toggles: ReadonlyMap<string, Toggle>;
  readonly states: readonly StateRow[];
  /** States that were written by hand or by another version and cannot be read; what they served before is served on. */
  readonly unreadable: readonly StateRow[];
  readonly segments: readonly Segment[];
  readonly environments: readonly EnvironmentRow[];
}

/** The toggles of all environments, in the order of their keys. A fixed number of statements. */
export async function loadToggleWorld(db: Reader): Promise<ToggleWorld> {
  const environments = await db
    .select()
    .from(toggleEnvironments)
    .orderBy(asc(toggleEnvironments.order), asc(toggleEnvironments.name));
  const rows = await db.select().from(toggles).where(isNull(toggles.archivedAt)).orderBy(asc(toggles.key));
  const kept = await db.select().from(toggleStates);
  const states = kept.flatMap((row) => readable(row) ?? []);
  const segments = await db.select().from(toggleSegments).orderBy(asc(toggleSegments.key));
  const byToggle = new Map<string, StateRow[]>();
  for (const state of states) byToggle.set(state.toggle, [...(byToggle.get(state.toggle) ?? []), state]);
  return {
    rows: new Map(rows.map((row) => [row.key, row])),
    toggles: new Map(rows.map((row) => [row.key, toggleOf(row, byToggle.get(row.key) ?? [])])),
    states,
    unreadable: kept.filter((row) => readDefinition(row.definition) === null),
    segments: segments.map(({ key, name, description, condition }) => ({
      key,
      name,
      description,
      condition,
    })),
    environments,
  };
}

/** What a state or a change holds; null for what is no definition. */
export function readDefinition(value: unknown): ToggleDefinition | null {
  return toggleDefinitionSchema.safeParse(value).data ?? null;
}

function readable(row: StateRow): StateRow | null {
  const definition = readDefinition(row.definition);
  return definition && { ...row, definition };
}

/** A row with its states as the record that is compiled. */
export function toggleOf(row: ToggleRow, states: readonly StateRow[]): Toggle {
  const { key, name, description, kind, tags, owner, onExpiry, variants, metadata } = row;
  return {
    key,
    name,
    description,
    kind,
    tags,
    owner,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    onExpiry,
    variants,
    metadata,
    environments: Object.fromEntries(states.map(({ environment, definition }) => [environment, definition])),
  };
}

/** The versions that receive traffic in an environment, from what was last seen of the platforms. */
export async function loadFacts(db: Reader, environment: string): Promise<EnvironmentFacts> {
  const { rows } = await db.execute<{ application: string; versions: string[] }>(sql`
    SELECT e.application, array_agg(DISTINCT g.data->'artifact'->>'version') AS versions
    FROM environments e
    JOIN inventory_server_groups g ON g.account = e.account AND g.cluster = e.cluster
    WHERE e.name = ${environment} AND (g.data->>'enabled')::boolean AND (g.data->>'traffic')::float8 > 0
    GROUP BY e.application`);
  return { versions: Object.fromEntries(rows.map(({ application, versions }) => [application, versions])) };
}
