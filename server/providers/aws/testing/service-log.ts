import type { Call } from '@/server/providers/aws/testing/fault-proxy';

export interface ServiceLog {
  /** Each moment at which a share of the requests went to a target group without a healthy target. */
  readonly gaps: readonly string[];
}

/**
 * What the listeners did, read from what was asked: moto routes nothing, so that lost requests cannot be counted.
 * A weight may only stand on a target group whose last answer had a healthy target, unless nobody had one before; and
 * no target group may be detached while a listener still sends to it.
 */
export function serviceLog(calls: readonly Call[]): ServiceLog {
  const healthy = new Map<string, boolean>();
  const listeners = new Map<string, Map<string, number>>();
  const gaps: string[] = [];
  for (const { action, parameters, status, body } of calls) {
    if (status >= 300) continue;
    const arn = parameters.get('TargetGroupArn') ?? '';
    if (action === 'DescribeTargetHealth') healthy.set(arn, body.includes('<State>healthy</State>'));
    if (action === 'ModifyListener') {
      const listener = parameters.get('ListenerArn') ?? '';
      const before = listeners.get(listener);
      const after = weightsIn(parameters);
      listeners.set(listener, after);
      if (!before || !sends(before)) continue;
      for (const [target, weight] of after)
        if (weight > 0 && healthy.get(target) !== true) gaps.push(`${target} got ${weight} without health`);
    }
    if (action === 'DetachLoadBalancerTargetGroups')
      for (const [key, target] of parameters)
        if (
          key.startsWith('TargetGroupARNs') &&
          [...listeners.values()].some((one) => (one.get(target) ?? 0) > 0)
        )
          gaps.push(`${target} was detached while it was sent requests`);
  }
  return { gaps };
}

function sends(weights: ReadonlyMap<string, number>): boolean {
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
