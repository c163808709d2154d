import type { Inventory } from '@/server/domain/inventory';
import { goalsByInstances, groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import {
  loadBalancersOf,
  type Platform,
  usesGateway,
  weightsOf,
} from '@/server/providers/kubernetes/verbs/platform';
import { bringLabels, type LabelGoal, labelComing } from '@/server/providers/kubernetes/verbs/pod-labels';
import { LABELS, selectorOf } from '@/server/providers/kubernetes/words/labels';
import type { InventoryNotice } from '@/server/providers/provider';

interface ClusterPlace {
  readonly region: string;
  readonly cluster: string;
}

/**
 * Passes notices on, and keeps the share of groups of which only some pods are let in: the pods that come in the place
 * of others carry no traffic label, so that a canary that loses one would get nothing from then on.
 * @param observed what the watch holds: where one group serves, nothing is asked of the cluster.
 */
export async function* keepingShares(
  platform: Platform,
  notices: AsyncIterable<InventoryNotice>,
  observed: () => Inventory | null,
): AsyncGenerator<InventoryNotice> {
  const atWork = new Map<string, { again: boolean }>();
  const keep = async (key: string, place: ClusterPlace) => {
    const turn = { again: true };
    atWork.set(key, turn);
    while (turn.again) {
      turn.again = false;
      // What fails is tried again at the next change; the verbs do not depend on it.
      await keepShares(platform, place).catch(() => undefined);
    }
    atWork.delete(key);
  };
  for await (const notice of notices) {
    yield notice;
    const { region, cluster } = notice;
    if (region === null || cluster === null || !isShared(observed(), { region, cluster })) continue;
    const key = `${region}/${cluster}`;
    const turn = atWork.get(key);
    if (turn) turn.again = true;
    else void keep(key, { region, cluster });
  }
}

function isShared(inventory: Inventory | null, { region, cluster }: ClusterPlace): boolean {
  const enabled = (inventory?.serverGroups ?? []).filter(
    (group) => group.cluster === cluster && group.region === region && group.enabled && !group.managedBy,
  );
  return enabled.length > 1;
}

/** Labels what is missing, and takes back what a verb that came in between does not want any more. */
export async function keepShares(platform: Platform, { region, cluster }: ClusterPlace): Promise<void> {
  if (await usesGateway(platform)) return;
  const labelSelector = selectorOf({ [LABELS.cluster]: cluster });
  const { items } = await platform.api.list('ReplicaSet', { namespace: region, labelSelector });
  for (const loadBalancer of new Set(items.flatMap(loadBalancersOf)))
    for (const goal of await partialGoals(platform, region, loadBalancer)) {
      if (!(await labelComing(platform, goal))) continue;
      const now = (await goalsOf(platform, region, loadBalancer)).find(isOf(goal));
      if (now?.wanted !== goal.wanted) await bringLabels(platform, [now ?? { ...goal, wanted: 0 }]);
    }
}

async function partialGoals(platform: Platform, region: string, loadBalancer: string): Promise<LabelGoal[]> {
  const goals = await goalsOf(platform, region, loadBalancer);
  return goals.filter(({ wanted }) => wanted !== 'all' && wanted > 0);
}

async function goalsOf(platform: Platform, region: string, loadBalancer: string): Promise<LabelGoal[]> {
  const [service, groups] = await Promise.all([
    platform.api.get('Service', { namespace: region, name: loadBalancer }),
    groupsBehind(platform, { region, name: loadBalancer }),
  ]);
  return goalsByInstances(groups, loadBalancer, weightsOf(service));
}

function isOf({ group }: LabelGoal): (other: LabelGoal) => boolean {
  return (other) => nameOf(other.group) === nameOf(group);
}
