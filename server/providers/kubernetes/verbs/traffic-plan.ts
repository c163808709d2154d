import { shares } from '@/server/domain/shares';
import type { RouteBackend } from '@/server/providers/kubernetes/client/objects';
import type { Weights } from '@/server/providers/kubernetes/verbs/platform';

/** A group that load balancers may send requests to, with how many instances it is meant to have. */
export interface EnabledGroup {
  readonly name: string;
  readonly desired: number;
}

/** Fine enough for any weight that people give, and far below what a route may say. */
const FINEST = 10_000;

/** The backends of a route: every enabled group, with the smallest whole numbers that say its share. */
export function backendsFor(groups: readonly EnabledGroup[], weights: Weights, port: number): RouteBackend[] {
  const parts = sharesOf(groups, weights);
  const whole = wholeNumbers(groups.map(({ name }) => parts.get(name) ?? 0));
  return groups.map(({ name }, index) => ({ name, port, weight: whole[index] ?? 0 }));
}

/**
 * How many instances of each group carry the traffic label where only their number shares requests out: all of the
 * group with the greatest share, of the others so many that the ratio comes near. Together never fewer than the
 * largest group that takes part has, for it had to serve alone: a small group with a great share would leave few to
 * carry the load. Whom the weights give nothing stays out all the same.
 */
export function labelledCounts(groups: readonly EnabledGroup[], weights: Weights): Map<string, number> {
  const parts = sharesOf(groups, weights);
  const greatest = greatestBy(groups, ({ name }) => parts.get(name) ?? 0);
  const counts = new Map(groups.map((group) => [group.name, labelled(group, greatest, parts)]));
  const largest = greatestBy(groups, ({ name, desired }) => ((parts.get(name) ?? 0) > 0 ? desired : 0));
  if (!largest) return counts;
  const others = sum(groups.filter((group) => group !== largest).map(({ name }) => counts.get(name) ?? 0));
  return counts.set(largest.name, Math.max(counts.get(largest.name) ?? 0, largest.desired - others));
}

/** The first of those with the greatest value above zero. */
function greatestBy(
  groups: readonly EnabledGroup[],
  value: (group: EnabledGroup) => number,
): EnabledGroup | undefined {
  return groups.reduce<EnabledGroup | undefined>(
    (best, group) => (value(group) > (best ? value(best) : 0) ? group : best),
    undefined,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function labelled(
  group: EnabledGroup,
  greatest: EnabledGroup | undefined,
  parts: ReadonlyMap<string, number>,
): number {
  const part = parts.get(group.name) ?? 0;
  // Without instances there is nothing to share: whatever comes shall carry the label.
  if (!greatest || (part === 0 && group.desired === 0)) return group.desired;
  if (part === 0) return 0;
  const wanted = Math.round((greatest.desired * part) / (parts.get(greatest.name) ?? 1));
  return Math.min(group.desired, Math.max(1, wanted));
}

function sharesOf(groups: readonly EnabledGroup[], weights: Weights): Map<string, number> {
  const members = groups.map(({ name, desired }) => ({
    serverGroup: name,
    enabled: true,
    // What a route says holds before and after instances are ready: the wanted number, not today's.
    healthyInstances: desired,
  }));
  return shares(members, weights);
}

/** The smallest whole numbers in the ratio of the shares; none that is positive becomes zero. */
function wholeNumbers(parts: readonly number[]): number[] {
  for (let denominator = 1; denominator <= 1_000; denominator++) {
    const scaled = parts.map((part) => part * denominator);
    if (scaled.every((value) => Math.abs(value - Math.round(value)) < 1e-6)) return scaled.map(Math.round);
  }
  return parts.map((part) => (part > 0 ? Math.max(1, Math.round(part * FINEST)) : 0));
}
