import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';

/** By target group, the weights of what forwards. One target group alone may be named in short, without a weight. */
export function forwarded(actions: readonly Action[]): Map<string, number> {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const named = forward?.ForwardConfig?.TargetGroups ?? [];
  if (named.length > 0)
    return new Map(named.map(({ TargetGroupArn = '', Weight }) => [TargetGroupArn, Weight ?? 1]));
  return new Map(forward?.TargetGroupArn === undefined ? [] : [[forward.TargetGroupArn, 1]]);
}

/** By target group, its part of what is forwarded. */
export function sharesIn(weights: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([arn, weight]) => [arn, total === 0 ? 0 : weight / total]));
}
