import { change } from '@/server/providers/kubernetes/verbs/change';
import { inTime } from '@/server/providers/kubernetes/verbs/deadline';
import { awaitEndpoints, readEndpoints } from '@/server/providers/kubernetes/verbs/endpoints';
import { groupServiceFor } from '@/server/providers/kubernetes/verbs/group-objects';
import { goalsByInstances, groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { isNoted, noted } from '@/server/providers/kubernetes/verbs/ledger';
import {
  identityOf,
  isEnabled,
  isReady,
  loadBalancersOf,
  type Platform,
  type ReplicaSet,
  refOf,
  weightsOf,
} from '@/server/providers/kubernetes/verbs/platform';
import type { LabelGoal } from '@/server/providers/kubernetes/verbs/pod-labels';
import { changeRoute } from '@/server/providers/kubernetes/verbs/route';
import {
  ANNOTATIONS,
  FIELD_MANAGERS,
  selectorOf,
  TRAFFIC_ON,
  trafficLabel,
} from '@/server/providers/kubernetes/words/labels';
import { type Operation, ProviderError } from '@/server/providers/provider';

/** Adds the group to every route that it is behind, with its share. */
export async function routeTo(platform: Platform, operation: Operation, group: ReplicaSet): Promise<void> {
  const { namespace: region } = refOf(group);
  for (const name of loadBalancersOf(group))
    await changeRoute(platform, operation, 'traffic', { region, name }, ({ groups, weights }) => ({
      groups: groups.includes(nameOf(group)) ? groups : [...groups, nameOf(group)],
      weights,
    }));
}

/** Takes the group out of every route; it forgets its weights, so that enabling it later brings it requests. */
export async function routePast(platform: Platform, operation: Operation, group: ReplicaSet): Promise<void> {
  const { namespace: region } = refOf(group);
  const leaving = nameOf(group);
  for (const name of loadBalancersOf(group))
    await changeRoute(platform, operation, 'traffic', { region, name }, ({ groups, weights }) => ({
      groups: groups.filter((one) => one !== leaving),
      weights: without(weights, leaving),
    }));
}

/** Shares anew what the routes give, because a group's size has changed. */
export async function routeBySize(
  platform: Platform,
  operation: Operation,
  group: ReplicaSet,
): Promise<void> {
  const { namespace: region } = refOf(group);
  for (const name of loadBalancersOf(group))
    await changeRoute(platform, operation, 'size', { region, name }, (now) => now);
}

/** The Service that routes name; made where a load balancer asks for it. */
export async function ensureGroupService(platform: Platform, group: ReplicaSet): Promise<void> {
  if (loadBalancersOf(group).length === 0 || (await platform.api.get('Service', refOf(group)))) return;
  const options = { fieldManager: FIELD_MANAGERS.deploy };
  await platform.api.apply('Service', groupServiceFor(platform, group), options);
}

export async function hasReadyEndpoint(platform: Platform, group: ReplicaSet): Promise<boolean> {
  const { namespace, name } = refOf(group);
  return (await readEndpoints(platform, { namespace, service: name })).ready.size > 0;
}

/**
 * A route to a group without endpoints answers with errors: it is given a moment to have one. One whose instances are
 * not ready has nothing to wait for.
 * @throws ProviderError `pending` when instances are ready and the cluster has not noticed it in time.
 */
export async function awaitReadyEndpoint(platform: Platform, group: ReplicaSet): Promise<void> {
  const { namespace, name } = refOf(group);
  const seen = await inTime((signal) =>
    awaitEndpoints(platform, { namespace, service: name }, ({ ready }) => ready.size > 0, signal),
  );
  if (seen) return;
  const labelSelector = selectorOf(identityOf(group));
  const { items } = await platform.api.list('Pod', { namespace, labelSelector });
  if (items.some((pod) => isReady(pod) && pod.metadata?.deletionTimestamp === undefined))
    throw new ProviderError(
      'pending',
      `instances of ${name} are ready, and the cluster has not put them among the endpoints of its Service yet`,
    );
}

/** Notes on the group what is wanted, with the label on pods to come, in one write. */
export async function noteTraffic(
  platform: Platform,
  operation: Operation,
  group: ReplicaSet,
  enabled: boolean,
  goals: readonly LabelGoal[],
): Promise<ReplicaSet> {
  const written = await change(platform, 'ReplicaSet', refOf(group), FIELD_MANAGERS.traffic, (current) => {
    if (isNoted(current, operation) && isEnabled(current) === enabled) return null;
    const labels = Object.fromEntries(
      goals.map(({ loadBalancer, wanted }) => [
        trafficLabel(loadBalancer),
        wanted === 'all' ? TRAFFIC_ON : null,
      ]),
    );
    const annotations = {
      [ANNOTATIONS.enabled]: String(enabled),
      ...noted(current, operation, 'traffic'),
    };
    return { metadata: { annotations }, spec: { template: { metadata: { labels } } } };
  });
  return written ?? group;
}

/** Every pod of the group, or none. */
export function wholeGoals(group: ReplicaSet, enabled: boolean): LabelGoal[] {
  return loadBalancersOf(group).map((loadBalancer) => ({ group, loadBalancer, wanted: enabled ? 'all' : 0 }));
}

/** What every group behind the group's load balancers carries once it is enabled, or is not. */
export async function instanceGoals(
  platform: Platform,
  group: ReplicaSet,
  enabled: boolean,
): Promise<LabelGoal[]> {
  const { namespace } = refOf(group);
  const ofEach = await Promise.all(
    loadBalancersOf(group).map(async (loadBalancer) => {
      const [service, behind] = await Promise.all([
        platform.api.get('Service', { namespace, name: loadBalancer }),
        groupsBehind(platform, { region: namespace, name: loadBalancer }),
      ]);
      const intended = behind.map((one) => (nameOf(one) === nameOf(group) ? intending(one, enabled) : one));
      const weights = weightsOf(service);
      const goals = goalsByInstances(
        intended,
        loadBalancer,
        enabled ? weights : without(weights, nameOf(group)),
      );
      return enabled ? goals : [...goals, { group, loadBalancer, wanted: 0 }];
    }),
  );
  return ofEach.flat();
}

function intending(group: ReplicaSet, enabled: boolean): ReplicaSet {
  const annotations = { ...group.metadata?.annotations, [ANNOTATIONS.enabled]: String(enabled) };
  return { ...group, metadata: { ...group.metadata, annotations } };
}

/** A group that is disabled forgets its weights. */
export async function forgetWeights(platform: Platform, group: ReplicaSet): Promise<void> {
  const { namespace } = refOf(group);
  for (const name of loadBalancersOf(group))
    await change(platform, 'Service', { namespace, name }, FIELD_MANAGERS.traffic, (service) => {
      const weights = weightsOf(service);
      if (weights[nameOf(group)] === undefined) return null;
      const left = JSON.stringify(without(weights, nameOf(group)));
      return { metadata: { annotations: { [ANNOTATIONS.weights]: left } } };
    });
}

function without(weights: Readonly<Record<string, number>>, name: string): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).filter(([group]) => group !== name));
}
