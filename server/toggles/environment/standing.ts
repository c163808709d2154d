import type { Prerequisite, Toggle, ToggleDefinition, VersionRequirement } from '@/server/domain/toggles';
import { type Effective, effectiveDefinition } from '@/server/toggles/environment/effective';
import { isVersionMet } from '@/server/toggles/environment/version-requirement';

/** What the environment knows apart from the toggles. */
export interface EnvironmentFacts {
  /** By application, the versions that receive traffic there. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

/** Why nobody gets what the rules say, but the off variant or the default in the code. */
export type Held =
  | { readonly kind: 'off' /** When the schedule did it. */; readonly since: string | null }
  | { readonly kind: 'expired'; readonly at: string }
  | {
      readonly kind: 'version';
      readonly requirement: VersionRequirement;
      readonly running: readonly string[];
    }
  | {
      readonly kind: 'prerequisite';
      readonly prerequisite: Prerequisite;
      /** What everyone gets of the other toggle; null for the default in its code, or when it is not there. */
      readonly served: string | null;
    };

/** How a toggle stands in the environment at this moment. */
export interface Standing extends Effective {
  /** Null when the rules decide. */
  readonly held: Held | null;
  /** Prerequisites that depend on who asks. */
  readonly open: readonly Prerequisite[];
}

/** The reason that lies in the toggle and in facts; prerequisites are looked at afterwards. */
export function ownStanding(
  toggle: Toggle,
  definition: ToggleDefinition,
  facts: EnvironmentFacts,
  now: Date,
): Standing {
  const effective = effectiveDefinition(toggle, definition, now);
  return { ...effective, held: ownHold(effective, facts), open: [] };
}

function ownHold({ definition, expiredAt, applied }: Effective, facts: EnvironmentFacts): Held | null {
  if (expiredAt !== null) return { kind: 'expired', at: expiredAt };
  if (!definition.on) return { kind: 'off', since: applied?.set.on === false ? applied.at : null };
  const requirement = definition.versionRequirement;
  if (!requirement) return null;
  const running = Object.hasOwn(facts.versions, requirement.application)
    ? (facts.versions[requirement.application] ?? [])
    : [];
  return isVersionMet(requirement, running) ? null : { kind: 'version', requirement, running };
}
