import type { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import type { Freeze } from '@/server/domain/toggle-environments';
import type { Toggle, ToggleDefinition } from '@/server/domain/toggles';
import type { ServiceContext } from '@/server/services/context';
import type { setDefinitionInput } from '@/server/services/toggles/set-definition';
import { factsFor } from '@/server/services/toggles/standings';
import { requireSound, withPrerequisites } from '@/server/toggle-state/check';
import { requireMeaningful } from '@/server/toggle-state/definition';
import { findLiveToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import { loadToggleWorld } from '@/server/toggle-state/load';
import { withDefinition } from '@/server/toggle-state/prepare';
import { settled } from '@/server/toggle-state/settle';
import {
  type CompiledEnvironment,
  compileEnvironment,
} from '@/server/toggles/environment/compile-environment';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

type Wanted = Pick<z.output<typeof setDefinitionInput>, 'key' | 'environment' | 'definition' | 'rules'>;

/** A toggle as it stands or would stand, to be looked at without being written. */
export interface Draft {
  readonly toggle: Toggle;
  readonly definition: ToggleDefinition;
  /** As it stands now; null when it is not there yet. */
  readonly kept: ToggleDefinition | null;
  /** Of the environment. */
  readonly freezes: readonly Freeze[];
  /** The toggle with all that it needs, as it would be served at a moment. */
  readonly compiledAt: (now: Date) => CompiledEnvironment;
}

/** @throws AppError unprocessable for a draft that could not be saved. */
export async function readDraft(ctx: ServiceContext, wanted: Wanted): Promise<Draft> {
  const { key, environment, definition, rules } = wanted;
  const now = ctx.clock.now();
  await findLiveToggle(ctx.db, key);
  const world = await loadToggleWorld(ctx.db);
  const { freezes } = requireToggleEnvironment(world.environments, environment);
  const known = world.toggles.get(key);
  const stored = known?.environments[environment];
  const kept = known && stored ? settled(known, stored, now) : null;
  const base = definition ?? kept;
  if (!known || !base) {
    throw new AppError(
      'not_found',
      `“${key}” does not stand in ${environment}. Give the definition to be tried.`,
    );
  }
  const drafted = rules ? { ...base, targeting: toTargeting(rules) } : base;
  const toggle = withDefinition(known, environment, drafted);
  const toggles = new Map(world.toggles).set(key, toggle);
  await requireMeaningful(ctx.db, kept, drafted);
  if (definition || rules) requireSound({ toggles, segments: world.segments, changed: [key], now });
  const facts = await factsFor(ctx.db, { ...world, toggles }, environment);
  const needed = [...withPrerequisites([key], toggles)].flatMap((one) => toggles.get(one) ?? []);
  return {
    toggle,
    definition: drafted,
    kept,
    freezes,
    compiledAt: (at) =>
      compileEnvironment({ environment, toggles: needed, segments: world.segments, facts, now: at }),
  };
}
