import type { Instance } from '@/server/domain/inventory';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { digestIn } from '@/server/providers/kubernetes/words/images';
import { trafficLabelsOf } from '@/server/providers/kubernetes/words/labels';

type Pod = ObjectOf<'Pod'>;
type Container = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
type Ended = NonNullable<NonNullable<Container['lastState']>['terminated']>;

/** What is kept of a pod: ten thousand of them have to fit. */
export interface PodView {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly ownerUid: string | null;
  /** The Knative revision that it runs for. */
  readonly revision: string | null;
  /** As the pod is by itself; whether requests reach it is not the pod's to say. */
  readonly instance: Instance;
  /** The load balancers whose label it carries. */
  readonly carries: readonly string[];
  /** Of the image that really runs. */
  readonly digest: string | null;
  /** From then on waiting will not help, epoch ms; null when it may, or when `instance` says so already. */
  readonly hopelessAt: number | null;
}

/** Label of Knative on the pods of a revision. */
export const REVISION_LABEL = 'serving.knative.dev/revision';

/** Why a container does not start, where trying again will not change it without somebody's help. */
const HOPELESS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
/** One crash may be a dependency that starts later. */
const CRASHES = 2;
/** A node may just be coming, in ms. */
const ROOM_MS = 10_000;
const LONGEST_REASON = 300;

export function podView(pod: Pod): PodView {
  const { metadata = {}, status = {} } = pod;
  const owner = metadata.ownerReferences?.find((one) => one.controller === true);
  const pending = unschedulable(pod);
  return {
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    ownerUid: owner?.uid ?? null,
    revision: metadata.labels?.[REVISION_LABEL] ?? null,
    instance: instanceOf(pod, pending?.reason ?? null),
    carries: trafficLabelsOf(metadata.labels),
    digest: digestIn(status.containerStatuses?.[0]?.imageID),
    hopelessAt: pending && metadata.deletionTimestamp === undefined ? pending.since + ROOM_MS : null,
  };
}

/** The instance, once what it waits for has not come in time. */
export function instanceAt({ instance, hopelessAt }: PodView, now: number): Instance {
  if (hopelessAt === null || now < hopelessAt || instance.reason === null) return instance;
  return { ...instance, blocked: instance.reason };
}

function instanceOf(pod: Pod, noRoom: string | null): Instance {
  const { metadata = {}, status = {} } = pod;
  const containers = status.containerStatuses ?? [];
  return {
    id: metadata.name ?? '',
    ...stateOf(pod, noRoom),
    startedAt: isoOf(status.startTime ?? metadata.creationTimestamp),
    address: status.podIP ?? null,
    restarts: containers.reduce((sum, container) => sum + container.restartCount, 0),
    memoryBytes: null,
  };
}

type State = Pick<Instance, 'health' | 'reason' | 'blocked'>;

function stateOf(pod: Pod, noRoom: string | null): State {
  const { metadata = {}, status = {} } = pod;
  if (metadata.deletionTimestamp !== undefined) return { health: 'draining', reason: 'is being ended' };
  if (status.phase === 'Failed' || status.phase === 'Succeeded')
    return { health: 'down', reason: words(status.reason ?? status.phase, status.message) };
  const ready = status.conditions?.find((one) => one.type === 'Ready');
  if (ready?.status === 'True') return { health: 'healthy', reason: null };
  if (ready?.status === 'Unknown' || status.phase === 'Unknown')
    return { health: 'unknown', reason: words(ready?.reason ?? 'Unknown', ready?.message) };
  const stuck = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    .map(stuckContainer)
    .find((one) => one !== null);
  if (stuck) return stuck;
  if (noRoom !== null) return { health: 'starting', reason: noRoom };
  const lost = wasReady(pod);
  const ended = lost ? null : status.containerStatuses?.map(endedContainer).find((one) => one !== null);
  if (ended) return ended;
  return lost
    ? { health: 'unhealthy', reason: words('not ready', ready?.message) }
    : { health: 'starting', reason: words(ready?.reason ?? 'Pending', ready?.message) };
}

/** A container that waits for more than its turn. */
function stuckContainer({ name, state, lastState, restartCount }: Container): State | null {
  const waiting = state?.waiting;
  if (!waiting?.reason) return null;
  if (HOPELESS.has(waiting.reason)) {
    const reason = words(waiting.reason, waiting.message);
    return { health: 'unhealthy', reason, blocked: reason };
  }
  if (waiting.reason !== 'CrashLoopBackOff') return null;
  const ended = lastState?.terminated;
  const reason = words(waiting.reason, ended ? howEnded(name, ended) : waiting.message);
  return { health: 'unhealthy', reason, ...(restartCount >= CRASHES ? { blocked: reason } : {}) };
}

/** A container that has ended, or that runs again and is not ready since: the condition tells neither. */
function endedContainer({ name, state, lastState, ready, restartCount }: Container): State | null {
  const ended = state?.terminated ?? lastState?.terminated;
  if (ready || !ended) return null;
  const often = restartCount === 1 ? 'once' : `${restartCount} times`;
  const reason = words(
    `${howEnded(name, ended)}${restartCount > 0 ? `, restarted ${often}` : ''}`,
    undefined,
  );
  return { health: state?.terminated ? 'unhealthy' : 'starting', reason };
}

function howEnded(name: string, { exitCode, reason, signal }: Ended): string {
  if (reason === 'OOMKilled') return `${name} ran out of memory`;
  return signal ? `${name} was ended by signal ${signal}` : `${name} exited with code ${exitCode}`;
}

function unschedulable({ metadata = {}, status = {} }: Pod): { reason: string; since: number } | null {
  const scheduled = status.conditions?.find((one) => one.type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null;
  const since = Date.parse(scheduled.lastTransitionTime ?? metadata.creationTimestamp ?? '');
  return { reason: words(scheduled.reason, scheduled.message), since: Number.isNaN(since) ? 0 : since };
}

/** It has been ready since its containers started: the condition changed later than they did. */
function wasReady({ status = {} }: Pod): boolean {
  const ready = status.conditions?.find((one) => one.type === 'Ready');
  const running = (status.containerStatuses ?? []).flatMap(({ state }) => state?.running?.startedAt ?? []);
  if (!ready?.lastTransitionTime || running.length === 0) return false;
  // The API keeps whole seconds.
  return Date.parse(ready.lastTransitionTime) > Math.max(...running.map((at) => Date.parse(at))) + 1_000;
}

function words(reason: string, message: string | undefined): string {
  const text = message && message !== reason ? `${reason}: ${message}` : reason;
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text;
}

/** The API's times as the inventory has them. */
export function isoOf(time: string | undefined): string {
  return time === undefined ? new Date(0).toISOString() : time;
}
