import { z } from 'zod';
import type { Freeze } from '@/server/domain/toggle-environments';
import { flagKeySchema, type Toggle } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';
import { readHistory } from '@/server/services/toggles/history-page';
import {
  environmentSummary,
  readSummaryFacts,
  type SummaryFacts,
  toggleSummary,
} from '@/server/services/toggles/summary';
import { readUnderway } from '@/server/services/toggles/underway';
import { findToggle } from '@/server/toggle-state/find';
import { toggleOf } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';

/** Changes that come with the toggle itself; more by `toggleHistory`. */
const HISTORY_HEAD = 20;

export const getToggleInput = z.object({ key: flagKeySchema });

/** Everything about a toggle, archived ones too. */
export async function getToggle(
  ctx: ServiceContext,
  { key }: z.output<typeof getToggleInput>,
): Promise<ToggleView> {
  requirePermission(ctx, 'read');
  const row = await findToggle(ctx.db, key);
  const facts = await readSummaryFacts(ctx.db, ctx.clock.now(), key);
  const history = await readHistory(ctx.db, { key, limit: HISTORY_HEAD });
  const underway = await readUnderway(ctx.db, key);
  const states = facts.statesOf.get(key) ?? [];
  const toggle = toggleOf(row, states);
  const { onExpiry, variants, metadata, createdBy } = row;
  return {
    ...toggleSummary(facts, row, toggle),
    onExpiry,
    variants,
    metadata,
    createdAt: iso(row.createdAt),
    createdBy,
    environments: states.map((state) => {
      const definition = settled(toggle, state.definition, facts.now);
      return {
        ...environmentSummary(facts, state),
        definition,
        freezes: freezesAhead(facts, state.environment),
        rules: fromTargeting(definition.targeting),
        underway: underway.get(state.environment) ?? [],
      };
    }),
    absentFrom: facts.world.environments
      .map(({ name }) => name)
      .filter((name) => !states.some(({ environment }) => environment === name)),
    dependents: dependents(facts, key),
    history,
  };
}

/** Those that are, and those to come. */
function freezesAhead({ world, now }: SummaryFacts, environment: string): readonly Freeze[] {
  const freezes = world.environments.find(({ name }) => name === environment)?.freezes ?? [];
  return freezes
    .filter(({ until }) => Date.parse(until) > now.getTime())
    .toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
}

function dependents({ world }: SummaryFacts, key: string): ToggleView['dependents'] {
  const needing = (toggle: Toggle) =>
    Object.entries(toggle.environments)
      .filter(([, { prerequisites }]) => prerequisites.some((one) => one.toggle === key))
      .map(([environment]) => ({ toggle: toggle.key, environment }));
  return [...world.toggles.values()].flatMap(needing);
}
