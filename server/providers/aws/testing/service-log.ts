import type { Call } from '@/server/providers/aws/testing/fault-proxy';

export interface ServiceLog {
  /** Each moment at which requests went to a target group without a healthy target, or to none at all. */
  readonly gaps: readonly string[];
  /** How many writes that move requests were looked at. */
  readonly moves: number;
  /** What the writes of a listener or rule said, one after the other: the weights in the order of their groups. */
  readonly weights: readonly (readonly number[])[];
}

type Weights = ReadonlyMap<string, number>;

/**
 * What the listeners and rules did, read from what was asked: moto routes nothing, so that lost requests cannot be
 * counted. With each write that moves requests stands how many healthy targets every target group had just before it.
 *
 * - A weight may only stand on a target group with a healthy target, unless nobody had one before.
 * - A target group may not be detached while something still sends to it, and of those that had a share before, one
 *   may not be detached before another target group with a healthy target has it.
 */
export function serviceLog(calls: readonly Call[]): ServiceLog {
  const routes = new Map<string, Weights>();
  const everSent = new Map<string, string>();
  const gaps: string[] = [];
  const weights: number[][] = [];
  let moves = 0;
  for (const { action, parameters, status, healthy } of calls) {
    if (status >= 300) continue;
    if (action === 'ModifyListener' || action === 'ModifyRule') {
      moves += 1;
      const route = parameters.get('ListenerArn') ?? parameters.get('RuleArn') ?? '';
      const before = routes.get(route);
      const after = weightsIn(parameters);
      routes.set(route, after);
      weights.push([...after.values()]);
      for (const [target, weight] of after) if (weight > 0) everSent.set(target, route);
      if (!before || !sends(before)) continue;
      for (const [target, weight] of after)
        if (weight > 0 && !healthy.get(target)) gaps.push(`${target} got ${weight} without health`);
    }
    if (action === 'DetachLoadBalancerTargetGroups') {
      moves += 1;
      for (const [key, target] of parameters)
        if (key.startsWith('TargetGroupARNs'))
          gaps.push(...gapsOfDetaching(target, routes, everSent, healthy));
    }
  }
  return { gaps, moves, weights };
}

function gapsOfDetaching(
  target: string,
  routes: ReadonlyMap<string, Weights>,
  everSent: ReadonlyMap<string, string>,
  healthy: ReadonlyMap<string, number>,
): string[] {
  if ([...routes.values()].some((weights) => (weights.get(target) ?? 0) > 0))
    return [`${target} was detached while it was sent requests`];
  const weights = routes.get(everSent.get(target) ?? '');
  if (!weights) return [];
  const serves = [...weights].some(([other, weight]) => weight > 0 && (healthy.get(other) ?? 0) > 0);
  return serves ? [] : [`${target} was detached before another had healthy targets and its requests`];
}

function sends(weights: Weights): boolean {
  return [...weights.values()].some((weight) => weight > 0);
}

/** `DefaultActions.member.1.ForwardConfig.TargetGroups.member.N.TargetGroupArn` and `.Weight` beside it. */
function weightsIn(parameters: URLSearchParams): Map<string, number> {
  const found = new Map<string, number>();
  for (const [key, value] of parameters)
    if (key.endsWith('.TargetGroupArn') && key.includes('.TargetGroups.'))
      found.set(value, Number(parameters.get(key.replace(/TargetGroupArn$/, 'Weight')) ?? 0));
  return found;
}
