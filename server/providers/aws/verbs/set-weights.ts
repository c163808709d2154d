import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Platform } from '@/server/providers/aws/verbs/platform';
import { route, weightKeyOf } from '@/server/providers/aws/verbs/route';
import { noted, standingOf } from '@/server/providers/aws/words/ledger';
import { TAGS } from '@/server/providers/aws/words/tags';
import { weightsTag } from '@/server/providers/aws/words/weights';
import { type LoadBalancerRef, type Operation, ProviderError } from '@/server/providers/provider';

/** Sets the relative weights of groups behind a load balancer; groups left out lose theirs. */
export async function setWeights(
  platform: Platform,
  operation: Operation,
  { region, name }: LoadBalancerRef,
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  await route(platform.region(region), name, ({ tags }, behind) => {
    const asked = byTargetGroup(name, weights, behind);
    if (standingOf(tags, operation, 'weights') === 'over') return null;
    return { [TAGS.weights]: weightsTag(asked), ...noted(tags, operation, 'weights') };
  });
}

function byTargetGroup(
  loadBalancer: string,
  weights: Readonly<Record<string, number>>,
  behind: readonly AutoScalingGroup[],
): Record<string, number> {
  const pairs = Object.entries(weights).map(([name, weight]): [string, number] => {
    const group = behind.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
    const key = weightKeyOf(group, loadBalancer);
    if (key !== null) return [key, weight];
    throw new ProviderError('invalid', `server group ${name} is not behind load balancer ${loadBalancer}`);
  });
  return Object.fromEntries(pairs);
}
