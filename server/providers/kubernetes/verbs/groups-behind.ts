import {
  isEnabled,
  loadBalancersOf,
  type Platform,
  type ReplicaSet,
  type Weights,
} from '@/server/providers/kubernetes/verbs/platform';
import type { LabelGoal } from '@/server/providers/kubernetes/verbs/pod-labels';
import { type EnabledGroup, labelledCounts } from '@/server/providers/kubernetes/verbs/traffic-plan';
import { APP_LABELS, MANAGED_BY, selectorOf } from '@/server/providers/kubernetes/words/labels';
import type { LoadBalancerRef } from '@/server/providers/provider';

/** Our server groups that were created for the load balancer, enabled or not. */
export async function groupsBehind(
  { api }: Platform,
  { region, name }: LoadBalancerRef,
): Promise<ReplicaSet[]> {
  const labelSelector = selectorOf({ [APP_LABELS.managedBy]: MANAGED_BY });
  const { items } = await api.list('ReplicaSet', { namespace: region, labelSelector });
  return items.filter(
    (group) => group.metadata?.deletionTimestamp === undefined && loadBalancersOf(group).includes(name),
  );
}

export function nameOf({ metadata }: ReplicaSet): string {
  return metadata?.name ?? '';
}

export function enabledGroup(group: ReplicaSet): EnabledGroup {
  return { name: nameOf(group), desired: group.spec?.replicas ?? 0 };
}

/** Which pods carry the label where requests are shared by the number of instances. */
export function goalsByInstances(
  groups: readonly ReplicaSet[],
  loadBalancer: string,
  weights: Weights,
): LabelGoal[] {
  const enabled = groups.filter(isEnabled);
  const counts = labelledCounts(enabled.map(enabledGroup), weights);
  return enabled.map((group) => {
    const count = counts.get(nameOf(group)) ?? 0;
    const all = count >= (group.spec?.replicas ?? 0);
    return { group, loadBalancer, wanted: all ? 'all' : count };
  });
}
