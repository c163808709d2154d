import { expect, it } from 'vitest';
import type { Call } from '@/server/providers/aws/testing/fault-proxy';
import { serviceLog } from '@/server/providers/aws/testing/service-log';

function call(action: string, parameters: Record<string, string>, healthy: Record<string, number>): Call {
  return {
    service: '',
    action,
    parameters: new URLSearchParams(parameters),
    status: 200,
    body: '',
    healthy: new Map(Object.entries(healthy)),
  };
}

function weigh(weights: Record<string, number>, healthy: Record<string, number>): Call {
  const group = 'DefaultActions.member.1.ForwardConfig.TargetGroups.member';
  const named = Object.entries(weights).flatMap(([arn, weight], index) => [
    [`${group}.${index}.TargetGroupArn`, arn],
    [`${group}.${index}.Weight`, String(weight)],
  ]);
  return call('ModifyListener', { ListenerArn: 'l', ...Object.fromEntries(named) }, healthy);
}

function detach(arn: string, healthy: Record<string, number>): Call {
  return call('DetachLoadBalancerTargetGroups', { 'TargetGroupARNs.member.1': arn }, healthy);
}

const well = { old: 2, fresh: 2 };

it('finds nothing where the new one is healthy before the old one goes', () => {
  const calls = [weigh({ old: 1 }, well), weigh({ fresh: 1 }, well), detach('old', well)];
  expect(serviceLog(calls)).toEqual({ gaps: [], moves: 3, weights: [[1], [1]] });
});

it.each([
  ['a weight on what is not healthy', [weigh({ old: 1 }, well), weigh({ old: 1, fresh: 1 }, { old: 2 })]],
  ['the old one detached while it is sent requests', [weigh({ old: 1 }, well), detach('old', well)]],
  [
    'the old one detached while the new one has become ill',
    [weigh({ old: 1 }, well), weigh({ fresh: 1 }, well), detach('old', { old: 2, fresh: 0 })],
  ],
  [
    'the old one detached with nobody after it',
    [weigh({ old: 1 }, well), weigh({}, well), detach('old', well)],
  ],
])('finds %s', (_what, calls) => {
  expect(serviceLog(calls).gaps).toHaveLength(1);
});
