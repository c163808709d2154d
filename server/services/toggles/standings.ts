import { isAppError } from '@/server/domain/errors';
import type { ToggleServing } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { servingOf, unserved } from '@/server/services/toggles/serving';
import { loadFacts, type ToggleWorld } from '@/server/toggle-state/load';
import {
  type CompiledEnvironment,
  compileEnvironment,
} from '@/server/toggles/environment/compile-environment';
import type { EnvironmentFacts } from '@/server/toggles/environment/standing';

/** How toggles stand in the environments, compiled as they are served. */
export interface Standings {
  serving(key: string, environment: string): ToggleServing;
}

/** One look at the facts for each environment, and none where nothing asks for them. */
export async function readStandings(db: Reader, world: ToggleWorld, now: Date): Promise<Standings> {
  const compiled = new Map<string, CompiledEnvironment | null>();
  for (const { name } of world.environments) {
    compiled.set(name, attempt(world, name, await factsFor(db, world, name), now));
  }
  return {
    serving: (key, environment) => {
      const toggle = world.toggles.get(key);
      if (!toggle) return unserved(false, 'toggle.serves.archived');
      const standing = compiled.get(environment)?.standings.get(key);
      if (standing) return servingOf(standing);
      return unserved(toggle.environments[environment]?.on ?? false, 'toggle.serves.unknown');
    },
  };
}

/** What an environment knows apart from toggles, where any of them asks for it. */
export async function factsFor(
  db: Reader,
  world: ToggleWorld,
  environment: string,
): Promise<EnvironmentFacts> {
  const isAsked = [...world.toggles.values()].some(
    (toggle) => toggle.environments[environment]?.versionRequirement,
  );
  return isAsked ? loadFacts(db, environment) : { versions: {} };
}

/** Null where the environment cannot be compiled: what was served before is served on, and lists still show. */
function attempt(
  world: ToggleWorld,
  environment: string,
  facts: EnvironmentFacts,
  now: Date,
): CompiledEnvironment | null {
  try {
    return compileEnvironment({
      environment,
      toggles: [...world.toggles.values()],
      segments: world.segments,
      facts,
      now,
    });
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
}
