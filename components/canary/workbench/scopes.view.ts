import type { ScopePair, ScopeSide } from '@/server/domain/analysis';
import type { ScopeSuggestion } from '@/server/domain/views/canary';

/** A side while someone types it. */
export type TypedSide = Required<Omit<ScopeSide, 'version' | 'extra'>> & Pick<ScopeSide, 'version'>;

export interface TypedSides {
  readonly baseline: TypedSide;
  readonly canary: TypedSide;
  /** Further values for `${…}` in queries. */
  readonly extra: Readonly<Record<string, string>>;
}

const NOTHING: TypedSide = { scope: '', location: '' };

function sideOf({ scope, location, version }: ScopeSuggestion): TypedSide {
  return version === '' ? { scope, location } : { scope, location, version };
}

/**
 * The sides to begin with: the newest server group and what ran before it at the same place, which may be those of the
 * last canary, gone by now. Else one in traffic is compared with itself, which shows at least what the queries bring.
 */
export function usualSides(suggestions: readonly ScopeSuggestion[]): TypedSides {
  const [newest] = suggestions;
  if (!newest) return { baseline: NOTHING, canary: NOTHING, extra: {} };
  const before = suggestions.find(
    (one) =>
      one.scope !== newest.scope &&
      one.location === newest.location &&
      one.environment === newest.environment,
  );
  if (before) return { baseline: sideOf(before), canary: sideOf(newest), extra: {} };
  const only = sideOf(suggestions.find(({ enabled }) => enabled) ?? newest);
  return { baseline: only, canary: only, extra: {} };
}

/** A side with another name; what is known under that name comes along. */
export function withScope(
  side: TypedSide,
  scope: string,
  suggestions: readonly ScopeSuggestion[],
): TypedSide {
  const known = suggestions.filter((one) => one.scope === scope);
  const found = known.find(({ location }) => location === side.location) ?? known[0];
  return found ? sideOf(found) : { scope, location: side.location };
}

/** A side at another place, which may run another version. */
export function withLocation(
  side: TypedSide,
  location: string,
  suggestions: readonly ScopeSuggestion[],
): TypedSide {
  const found = suggestions.find((one) => one.scope === side.scope && one.location === location);
  return found ? sideOf(found) : { scope: side.scope, location };
}

/** What is asked; null until both sides have a name. */
export function scopesOf(sides: TypedSides): ScopePair | null {
  return sides.baseline.scope === '' || sides.canary.scope === '' ? null : { ...sides };
}

export function isSame({ baseline, canary }: TypedSides): boolean {
  return baseline.scope === canary.scope && baseline.location === canary.location;
}
