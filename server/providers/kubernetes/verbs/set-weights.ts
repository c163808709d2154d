import { change } from '@/server/providers/kubernetes/verbs/change';
import { goalsByInstances, groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { existingLoadBalancer } from '@/server/providers/kubernetes/verbs/load-balancer-objects';
import {
  checkRegion,
  type Platform,
  usesGateway,
  type Weights,
} from '@/server/providers/kubernetes/verbs/platform';
import { bringLabels } from '@/server/providers/kubernetes/verbs/pod-labels';
import { changeRoute } from '@/server/providers/kubernetes/verbs/route';
import { ANNOTATIONS, FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import { type LoadBalancerRef, type Operation, ProviderError } from '@/server/providers/provider';

/**
 * Sets the relative weights of groups behind a load balancer; groups left out lose theirs. With a gateway it is one
 * write to the route; without one, as many instances carry the traffic label as come near the weights.
 */
export async function setWeights(
  platform: Platform,
  operation: Operation,
  target: LoadBalancerRef,
  weights: Weights,
): Promise<void> {
  checkRegion(platform, target.region);
  await existingLoadBalancer(platform, target);
  if (await usesGateway(platform))
    return changeRoute(platform, operation, 'weights', target, ({ groups }, behind) => {
      checkBehind(target, weights, behind);
      return { groups, weights };
    });
  const groups = await groupsBehind(platform, target);
  checkBehind(target, weights, groups.map(nameOf));
  if (!(await noteWeights(platform, operation, target, weights))) return;
  await bringLabels(platform, goalsByInstances(groups, target.name, weights));
}

/** False when another operation has set weights since. */
async function noteWeights(
  platform: Platform,
  operation: Operation,
  { region, name }: LoadBalancerRef,
  weights: Weights,
): Promise<boolean> {
  let isOver = false;
  const ref = { namespace: region, name };
  await change(platform, 'Service', ref, FIELD_MANAGERS.traffic, (service) => {
    isOver = standingOf(service, operation) === 'over';
    if (isOver || isNoted(service, operation)) return null;
    const annotations = {
      [ANNOTATIONS.weights]: JSON.stringify(weights),
      ...noted(service, operation, 'weights'),
    };
    return { metadata: { annotations } };
  });
  return !isOver;
}

function checkBehind({ name }: LoadBalancerRef, weights: Weights, behind: readonly string[]): void {
  const stranger = Object.keys(weights).find((group) => !behind.includes(group));
  if (stranger !== undefined)
    throw new ProviderError('invalid', `server group ${stranger} is not behind load balancer ${name}`);
}
