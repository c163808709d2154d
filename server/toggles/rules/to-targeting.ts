import type { RuleList, Serve, Split } from '@/server/domain/toggle-rules';
import type { Json, JsonObject, Targeting } from '@/server/domain/toggles';
import { attribute, EVERYONE, toLogic } from '@/server/toggles/rules/condition-to-logic';

/** flagd's targeting for a list of rules; null for the empty list, which leaves all to the default variant. */
export function toTargeting({ rules, otherwise }: RuleList): Targeting | null {
  if (rules.length === 0) {
    if (!otherwise) return null;
    if (otherwise.kind === 'split') return splitLogic(otherwise);
    // Not a list that people can make: the schema sends them to the default variant.
    return { if: [EVERYONE, otherwise.variant, null] };
  }
  const branches = rules.flatMap((rule): Json[] => [toLogic(rule), serveLogic(rule.serve)]);
  // The null at the end is for providers that have an opinion of their own about a missing else.
  return { if: [...branches, otherwise ? serveLogic(otherwise) : null] };
}

function serveLogic(serve: Serve): Json {
  return serve.kind === 'variant' ? serve.variant : splitLogic(serve);
}

function splitLogic({ by, buckets }: Split): JsonObject {
  const list = buckets.map(({ variant, weight }): Json => [variant, weight]);
  if (by === null) return { fractional: list };
  const key: JsonObject = { cat: [attribute('$flagd.flagKey'), attribute(by)] };
  // All who lack the attribute would share one bucket; flagd's own key has the same check.
  return { if: [{ '!!': [attribute(by)] }, { fractional: [key, ...list] }, null] };
}
