import { and, eq } from 'drizzle-orm';
import { toggleChangeRequests } from '@/db/schema';
import { type Toggle, valueTypeOf } from '@/server/domain/toggles';
import type { RampView, ToggleEnvironmentSummary, ToggleSummary } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';
import { readAllRamps } from '@/server/services/toggles/ramps';
import { STALE_AFTER_DAYS, staleReasons } from '@/server/services/toggles/staleness';
import { readStandings, type Standings } from '@/server/services/toggles/standings';
import { placeKey, readUses, summedUse, type Uses } from '@/server/services/toggles/uses';
import { loadToggleWorld, type StateRow, type ToggleRow, type ToggleWorld } from '@/server/toggle-state/load';

/** All that summaries of toggles are made from. */
export interface SummaryFacts {
  readonly world: ToggleWorld;
  readonly standings: Standings;
  readonly uses: Uses;
  readonly statesOf: ReadonlyMap<string, readonly StateRow[]>;
  /** Ids of open change requests, by `placeKey`. */
  readonly requests: ReadonlyMap<string, string>;
  /** Ramps that run, by `placeKey`. */
  readonly ramps: ReadonlyMap<string, RampView>;
  readonly now: Date;
}

/** @param key when only one toggle is summed up. */
export async function readSummaryFacts(
  db: Reader,
  now: Date,
  key: string | null = null,
): Promise<SummaryFacts> {
  const world = await loadToggleWorld(db);
  const standings = await readStandings(db, world, now);
  const uses = await readUses(db, now, key);
  const open = await db
    .select({
      id: toggleChangeRequests.id,
      toggle: toggleChangeRequests.toggle,
      environment: toggleChangeRequests.environment,
    })
    .from(toggleChangeRequests)
    .where(
      and(
        eq(toggleChangeRequests.status, 'open'),
        key === null ? undefined : eq(toggleChangeRequests.toggle, key),
      ),
    );
  const statesOf = new Map<string, StateRow[]>();
  for (const { name } of world.environments) {
    for (const state of world.states) {
      if (state.environment !== name) continue;
      statesOf.set(state.toggle, [...(statesOf.get(state.toggle) ?? []), state]);
    }
  }
  const requests = new Map(open.map(({ id, toggle, environment }) => [placeKey(toggle, environment), id]));
  const ramps = await readAllRamps(db, key);
  return { world, standings, uses, statesOf, requests, ramps, now };
}

/** A toggle in a line of the list. */
export function toggleSummary(facts: SummaryFacts, row: ToggleRow, toggle: Toggle): ToggleSummary {
  const { key, application, name, description, kind, variants, tags, owner, revision, updatedBy } = row;
  const states = facts.statesOf.get(key) ?? [];
  return {
    key,
    application,
    name,
    description,
    kind,
    valueType: valueTypeOf(variants),
    tags,
    owner,
    expiresAt: iso(row.expiresAt),
    archivedAt: iso(row.archivedAt),
    revision,
    updatedAt: iso(row.updatedAt),
    updatedBy,
    environments: states.map((state) => environmentSummary(facts, state)),
    stale: row.archivedAt
      ? []
      : staleReasons({ row, toggle, states, uses: facts.uses, now: facts.now, days: STALE_AFTER_DAYS }),
  };
}

export function environmentSummary(facts: SummaryFacts, state: StateRow): ToggleEnvironmentSummary {
  const { toggle, environment, revision, updatedBy } = state;
  const at = placeKey(toggle, environment);
  return {
    environment,
    requiresReview: facts.world.environments.some((one) => one.name === environment && one.requiresReview),
    ...facts.standings.serving(toggle, environment),
    ...summedUse(facts.uses.get(at)),
    revision,
    updatedAt: iso(state.updatedAt),
    updatedBy,
    openRequest: facts.requests.get(at) ?? null,
    ramp: facts.ramps.get(at) ?? null,
  };
}
