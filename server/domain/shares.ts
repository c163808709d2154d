/** A server group behind a load balancer, as far as sharing traffic goes. */
export interface Member {
  readonly serverGroup: string;
  readonly enabled: boolean;
  readonly healthyInstances: number;
}

/**
 * Each member's share of the requests, 0..1, summing to 1 when any can take them.
 *
 * Only enabled groups with a healthy instance take part. Without weights they share by their number of
 * healthy instances, so every instance gets the same. With weights:
 * - a weight counts among the groups that take part; zero means none;
 * - a group that the weights do not name gets, per healthy instance, what the named ones with a
 *   positive weight get on average: enabling a group always brings it traffic;
 * - when all that take part weigh zero they share by instances, because a request refused while a
 *   healthy instance stands by helps nobody.
 */
export function shares(
  members: readonly Member[],
  weights: Readonly<Record<string, number>>,
): Map<string, number> {
  const able = members.filter((member) => member.enabled && member.healthyInstances > 0);
  const named = able.filter((member) => (weights[member.serverGroup] ?? 0) > 0);
  const perInstance =
    named.length === 0
      ? null
      : sum(named.map((member) => weights[member.serverGroup] ?? 0)) /
        sum(named.map((member) => member.healthyInstances));
  const allZero = named.length === 0 && able.every((member) => weights[member.serverGroup] !== undefined);
  const parts = able.map((member) => {
    const weight = allZero ? undefined : weights[member.serverGroup];
    return weight ?? member.healthyInstances * (perInstance ?? 1);
  });
  const total = sum(parts);
  const result = new Map(members.map((member) => [member.serverGroup, 0]));
  able.forEach((member, index) => {
    result.set(member.serverGroup, (parts[index] ?? 0) / total);
  });
  return result;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
