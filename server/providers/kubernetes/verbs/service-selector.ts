import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { change } from '@/server/providers/kubernetes/verbs/change';
import { inTime } from '@/server/providers/kubernetes/verbs/deadline';
import { awaitEndpoints, type Endpoints } from '@/server/providers/kubernetes/verbs/endpoints';
import { groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import {
  identityOf,
  isEnabled,
  isReady,
  type Platform,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import {
  aloneIn,
  keptOutBy,
  lacksLabel,
  mayNarrow,
  type Selector,
  selectorFor,
} from '@/server/providers/kubernetes/verbs/selector';
import {
  FIELD_MANAGERS,
  LABELS,
  selectorOf,
  TRAFFIC_ON,
  trafficLabel,
} from '@/server/providers/kubernetes/words/labels';
import { type LoadBalancerRef, ProviderError } from '@/server/providers/provider';

/**
 * The Service of a load balancer reaches every pod that carries its label, or, while one group serves alone, of them
 * only that group's. To narrow it so takes all others out with one write, whatever their number, and they keep their
 * labels: widening it brings them back with one write. What holds at every moment: while it selects by the label
 * alone, no pod of a group that shall get nothing carries it.
 */

const AT_ONCE = 10;
/** Pods come while labels are written; a group that never settles is changed by somebody else too. */
const ROUNDS = 10;
/** Endpoints that are not there by then come late enough to go the slower way, pod by pod. */
const REACHED_MS = 3_000;

/**
 * After a group came in: makes the Service reach every enabled one.
 * @returns the group that it reached alone before; null when it is as it was.
 */
export async function reachEnabled(platform: Platform, balancer: LoadBalancerRef): Promise<string | null> {
  const { before, alone } = await settle(platform, balancer);
  return before === alone ? null : (before ?? null);
}

/**
 * Where exactly one group is left that is enabled, and all of it is reached: leaves the Service to it. To be called
 * once that is noted on the group that goes.
 * @returns whether no other group is reached now.
 */
export async function leaveToOne(platform: Platform, balancer: LoadBalancerRef): Promise<boolean> {
  const [only, ...more] = (await groupsBehind(platform, balancer)).filter(isEnabled);
  if (only === undefined || more.length > 0) return false;
  if (!(await isReached(platform, balancer, only))) return false;
  await select(platform, balancer, nameOf(only));
  // Whoever enabled another one meanwhile may have found the Service wide still, and left it so.
  return typeof (await settle(platform, balancer)).alone === 'string';
}

/** Whether only the pods of one group are reached, whichever carry the label. */
export async function isLeftToOne(platform: Platform, balancer: LoadBalancerRef): Promise<boolean> {
  return typeof aloneIn((await selectorNow(platform, balancer)) ?? {}, balancer.name) === 'string';
}

/**
 * The cluster learns of Services and of pods on different ways: a Service that is narrowed before it knows of the
 * pods' labels would have no endpoint for a moment. What is among the endpoints it knows.
 */
async function isReached(
  platform: Platform,
  { region: namespace, name }: LoadBalancerRef,
  group: ReplicaSet,
): Promise<boolean> {
  const labelSelector = selectorOf({ ...identityOf(group), [trafficLabel(name)]: TRAFFIC_ON });
  const { items } = await platform.api.list('Pod', { namespace, labelSelector });
  const able = items
    .filter((pod) => isReady(pod) && pod.metadata?.deletionTimestamp === undefined)
    .flatMap(({ metadata }) => metadata?.uid ?? []);
  if (able.length === 0) return false;
  const of = { namespace, service: name };
  const wanted = ({ ready }: Endpoints) => able.every((uid) => ready.has(uid));
  const seen = await inTime((signal) => awaitEndpoints(platform, of, wanted, signal), REACHED_MS);
  return seen === true;
}

/**
 * Where somebody has written a selector without the traffic label, every version is reached whatever its labels say:
 * writes it again, beside what they have written. To be called when those that shall be reached carry it.
 * @returns the selector afterwards.
 */
export async function regainSelector(platform: Platform, balancer: LoadBalancerRef): Promise<Selector> {
  const { region: namespace, name } = balancer;
  const selector = await selectorNow(platform, balancer);
  if (selector === null || !lacksLabel(selector, name)) return selector ?? {};
  const serving = await enabledBehind(platform, balancer);
  await clearOthers(platform, balancer, serving);
  const written = await change(platform, 'Service', { namespace, name }, FIELD_MANAGERS.traffic, (service) =>
    lacksLabel(service.spec?.selector ?? {}, name)
      ? { spec: { selector: { ...selectorFor(name, null), [LABELS.serverGroup]: null } } }
      : null,
  );
  // A pod that was on its way while its group's template changed may have come with the label.
  await clearOthers(platform, balancer, serving);
  return written?.spec?.selector ?? {};
}

/** What of the selector lets in everyone, as a sentence for people; null where the traffic label decides. */
export async function selectorTrouble(platform: Platform, balancer: LoadBalancerRef): Promise<string | null> {
  const { region: namespace, name } = balancer;
  const selector = await selectorNow(platform, balancer);
  if (selector === null || !lacksLabel(selector, name)) return null;
  return `Service ${name} in ${namespace} selects ${selectorOf(selector) || 'nothing'} and not ${selectorOf(selectorFor(name, null))}, although that was written just now: find out what writes the selector, and have it keep that label.`;
}

/** Null when the Service is not there. */
async function selectorNow(
  { api }: Platform,
  { region: namespace, name }: LoadBalancerRef,
): Promise<Selector | null> {
  const service = await api.get('Service', { namespace, name });
  return service && (service.spec?.selector ?? {});
}

/** Looks again after what it wrote, for groups may be enabled by others at the same time. */
async function settle(
  platform: Platform,
  balancer: LoadBalancerRef,
): Promise<{ readonly before: string | null | undefined; readonly alone: string | null | undefined }> {
  const { name } = balancer;
  const read = async () => (await selectorNow(platform, balancer)) ?? {};
  let selector = await regainSelector(platform, balancer);
  const before = aloneIn(selector, name);
  for (let round = 0; round < ROUNDS; round++, selector = await read()) {
    const alone = aloneIn(selector, name);
    if (alone === null || alone === undefined) return { before, alone };
    const serving = await enabledBehind(platform, balancer);
    if (serving.every((group) => group === alone)) return { before, alone };
    const [only, ...more] = serving;
    if (only !== undefined && more.length === 0 && mayNarrow(selector, name))
      await select(platform, balancer, only);
    else await widen(platform, balancer, serving);
  }
  throw new ProviderError('pending', `the groups behind ${name} change faster than they can be followed`);
}

/**
 * For a Service that is to be made, perhaps in the place of one that somebody has deleted: whom it shall reach alone.
 * Where the label is to decide, pods that stand by have lost it when this returns.
 */
export async function aloneFromStart(platform: Platform, balancer: LoadBalancerRef): Promise<string | null> {
  const serving = await enabledBehind(platform, balancer);
  const [only, ...more] = serving;
  if (only !== undefined && more.length === 0) return only;
  await clearOthers(platform, balancer, serving);
  return null;
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
    const selector = service.spec?.selector ?? {};
    const now = aloneIn(selector, name);
    const isTheirs = now === undefined || (alone !== null && !mayNarrow(selector, name));
    return isTheirs || now === alone ? null : { spec: { selector: { [LABELS.serverGroup]: alone } } };
  });
}

/**
 * To be asked before a group is let in: what people have added to a selector may keep all of its pods out for ever.
 * @throws ProviderError `conflict`, naming it.
 */
export async function checkSelected(
  { api }: Pick<Platform, 'api'>,
  { region: namespace, name }: LoadBalancerRef,
  group: ReplicaSet,
): Promise<void> {
  const selector = (await api.get('Service', { namespace, name }))?.spec?.selector ?? {};
  const keptOut = (labels: Selector = {}) => keptOutBy(selector, name, labels);
  const lacking = keptOut(group.spec?.template?.metadata?.labels);
  if (lacking === null) return;
  // Somebody may have labelled the pods that there are.
  const { items } = await api.list('Pod', { namespace, labelSelector: selectorOf(identityOf(group)) });
  if (items.some(({ metadata }) => keptOut(metadata?.labels) === null)) return;
  throw new ProviderError(
    'conflict',
    `Service ${name} in ${namespace} selects ${lacking}, which no pod of ${nameOf(group)} carries, so that no requests would reach it: take that out of the Service's selector.`,
  );
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
  const ofOurs = `${label}=${TRAFFIC_ON},${LABELS.serverGroup}`;
  const others = serving.length > 0 ? `,${LABELS.serverGroup} notin (${serving.join(',')})` : '';
  const labelSelector = `${ofOurs}${others}`;
  const patch = { metadata: { labels: { [label]: null } } };
  for (let round = 0; round < ROUNDS; round++) {
    const { items } = await platform.api.list('Pod', { namespace, labelSelector });
    if (items.length === 0) return;
    await eachBounded(items, AT_ONCE, async (pod) => {
      await platform.api.merge('Pod', refOf(pod), patch, { fieldManager: FIELD_MANAGERS.traffic });
    });
  }
  throw new ProviderError('pending', `the pods behind ${name} change faster than they can be labelled`);
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
