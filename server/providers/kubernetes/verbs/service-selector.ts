import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { change } from '@/server/providers/kubernetes/verbs/change';
import { groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import {
  isEnabled,
  type Platform,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import { FIELD_MANAGERS, LABELS, TRAFFIC_ON, trafficLabel } from '@/server/providers/kubernetes/words/labels';
import { type LoadBalancerRef, ProviderError } from '@/server/providers/provider';

/**
 * The Service of a load balancer reaches every pod that carries its label, or, while one group serves alone, of them
 * only that group's. To narrow it so takes all others out with one write, whatever their number, and they keep their
 * labels: widening it brings them back with one write. What holds at every moment: while it selects by the label
 * alone, no pod of a group that shall get nothing carries it.
 */

type Service = ObjectOf<'Service'>;

const AT_ONCE = 10;
/** Pods come while labels are written; a group that never settles is changed by somebody else too. */
const ROUNDS = 10;

/** The group that alone is reached; null when the label decides, undefined when people have chosen something else. */
export function aloneIn(service: Service | null, loadBalancer: string): string | null | undefined {
  const selector = service?.spec?.selector ?? {};
  const { [trafficLabel(loadBalancer)]: label, [LABELS.serverGroup]: alone = null, ...more } = selector;
  return label === TRAFFIC_ON && Object.keys(more).length === 0 ? alone : undefined;
}

/** @param alone the group that shall be reached alone, if any. */
export function selectorFor(loadBalancer: string, alone: string | null): Record<string, string> {
  return {
    [trafficLabel(loadBalancer)]: TRAFFIC_ON,
    ...(alone === null ? {} : { [LABELS.serverGroup]: alone }),
  };
}

/**
 * After a group came in: makes the Service reach every enabled one.
 * @returns whether it was changed.
 */
export async function reachEnabled(platform: Platform, balancer: LoadBalancerRef): Promise<boolean> {
  return (await settle(platform, balancer)).changed;
}

/**
 * Where exactly one group is left that is enabled: leaves the Service to it. To be called once that is noted on the
 * group that goes.
 * @returns whether no other group is reached now.
 */
export async function leaveToOne(platform: Platform, balancer: LoadBalancerRef): Promise<boolean> {
  const [only, ...more] = await enabledBehind(platform, balancer);
  if (only === undefined || more.length > 0) return false;
  await select(platform, balancer, only);
  // Whoever enabled another one meanwhile may have found the Service wide still, and left it so.
  return typeof (await settle(platform, balancer)).alone === 'string';
}

/** Looks again after what it wrote, for groups may be enabled by others at the same time. */
async function settle(
  platform: Platform,
  balancer: LoadBalancerRef,
): Promise<{ readonly alone: string | null | undefined; readonly changed: boolean }> {
  const { region: namespace, name } = balancer;
  let changed = false;
  for (let round = 0; round < ROUNDS; round++) {
    const alone = aloneIn(await platform.api.get('Service', { namespace, name }), name);
    if (alone === null || alone === undefined) return { alone, changed };
    const serving = await enabledBehind(platform, balancer);
    if (serving.every((group) => group === alone)) return { alone, changed };
    const [only, ...more] = serving;
    if (only !== undefined && more.length === 0) await select(platform, balancer, only);
    else await widen(platform, balancer, serving);
    changed = true;
  }
  throw new ProviderError('unavailable', `the groups behind ${name} change faster than they can be followed`);
}

async function widen(
  platform: Platform,
  balancer: LoadBalancerRef,
  serving: readonly string[],
): Promise<void> {
  await clearOthers(platform, balancer, serving);
  await select(platform, balancer, null);
  // A pod that was on its way while its group's template changed may have come with the label.
  await clearOthers(platform, balancer, serving);
}

async function enabledBehind(platform: Platform, balancer: LoadBalancerRef): Promise<string[]> {
  return (await groupsBehind(platform, balancer)).filter(isEnabled).map(nameOf);
}

/** In one write; what people have made of the selector is left to them. */
async function select(
  platform: Platform,
  { region: namespace, name }: LoadBalancerRef,
  alone: string | null,
): Promise<void> {
  await change(platform, 'Service', { namespace, name }, FIELD_MANAGERS.traffic, (service) => {
    const now = aloneIn(service, name);
    return now === undefined || now === alone
      ? null
      : { spec: { selector: { [LABELS.serverGroup]: alone } } };
  });
}

/** Before the label decides alone: takes it from whatever stood by, also from pods whose group is gone already. */
async function clearOthers(
  platform: Platform,
  balancer: LoadBalancerRef,
  serving: readonly string[],
): Promise<void> {
  const { region: namespace, name } = balancer;
  const label = trafficLabel(name);
  for (const group of await groupsBehind(platform, balancer))
    if (!serving.includes(nameOf(group))) await labelTemplate(platform, group, name, false);
  const labelSelector = `${label}=${TRAFFIC_ON},${LABELS.serverGroup},${LABELS.serverGroup} notin (${serving.join(',')})`;
  const patch = { metadata: { labels: { [label]: null } } };
  for (let round = 0; round < ROUNDS; round++) {
    const { items } = await platform.api.list('Pod', { namespace, labelSelector });
    if (items.length === 0) return;
    await eachBounded(items, AT_ONCE, async (pod) => {
      await platform.api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.traffic });
    });
  }
  throw new ProviderError('unavailable', `the pods behind ${name} change faster than they can be labelled`);
}

/** Before the pods, so that those to come are right from the start. */
export async function labelTemplate(
  platform: Platform,
  group: ReplicaSet,
  loadBalancer: string,
  on: boolean,
): Promise<void> {
  const label = trafficLabel(loadBalancer);
  await change(platform, 'ReplicaSet', refOf(group), FIELD_MANAGERS.traffic, (current) => {
    const present = current.spec?.template?.metadata?.labels?.[label] === TRAFFIC_ON;
    if (present === on) return null;
    return { spec: { template: { metadata: { labels: { [label]: on ? TRAFFIC_ON : null } } } } };
  });
}
