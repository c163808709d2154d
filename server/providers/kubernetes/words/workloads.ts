import type { ArtifactRef, Capacity } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import type { ForeignObject, ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { artifactIn, digestIn } from '@/server/providers/kubernetes/words/images';
import { ANNOTATIONS, LABELS, namesIn } from '@/server/providers/kubernetes/words/labels';
import {
  type Controller,
  controllerOf,
  keeperOf,
  type Meta,
  revisionOf,
  type Said,
  saidBy,
} from '@/server/providers/kubernetes/words/owners';
import { isoOf, REVISION_LABEL } from '@/server/providers/kubernetes/words/pod-view';

export type WorkloadKind = 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'KnativeRevision';

/** What is a server group, or may be one: kept of the object that makes its pods. */
export interface WorkloadView {
  readonly kind: WorkloadKind;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly ours: Ours | null;
  readonly said: Said;
  readonly owner: Controller | null;
  readonly keeper: { readonly kind: string; readonly name: string };
  readonly revision: string | null;
  /** The Knative revision whose pods it makes, or that it is. */
  readonly knative: string | null;
  readonly image: string;
  readonly configKeys: readonly string[];
  readonly capacity: Capacity;
  readonly createdAt: string;
  /** Load balancers that it was made for, where somebody noted them. */
  readonly loadBalancers: readonly string[];
}

/** What Signalbox wrote on a server group of its own. */
export interface Ours {
  readonly application: string;
  readonly cluster: string;
  readonly artifact: ArtifactRef;
  readonly enabled: boolean;
}

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly containers?: readonly ContainerSpec[] };
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string }[];
}

/** Spinnaker's note of the load balancers: a JSON list of `service shop`. */
const SPINNAKER_BALANCERS = 'traffic.spinnaker.io/load-balancers';

export function replicaSetView(object: ObjectOf<'ReplicaSet'>): WorkloadView {
  const desired = object.spec?.replicas ?? 1;
  const { metadata = {} } = object;
  return {
    ...workload('ReplicaSet', metadata, object.spec?.template, capacityOf(metadata, desired)),
    ours: oursOf(metadata),
  };
}

export function statefulSetView(object: ObjectOf<'StatefulSet'>): WorkloadView {
  const desired = object.spec?.replicas ?? 1;
  return workload('StatefulSet', object.metadata ?? {}, object.spec?.template, exactly(desired));
}

export function daemonSetView(object: ObjectOf<'DaemonSet'>): WorkloadView {
  const desired = object.status?.desiredNumberScheduled ?? 0;
  return workload('DaemonSet', object.metadata ?? {}, object.spec?.template, exactly(desired));
}

/** An immutable version of a Knative service; with nothing to do it has no pods at all, and is well. */
export function revisionView(object: ObjectOf<'KnativeRevision'>): WorkloadView {
  const { metadata = {}, spec, status } = object as ForeignObject & { metadata?: Meta };
  const desired = Number(status?.desiredReplicas ?? status?.actualReplicas ?? 0);
  // Its spec is that of a pod, with Knative's fields beside.
  const template: Template = { spec: spec ?? {} };
  const view = workload(
    'KnativeRevision',
    metadata,
    template,
    exactly(Number.isInteger(desired) ? desired : 0),
  );
  const service = metadata.labels?.['serving.knative.dev/service'] ?? view.name;
  const digest = digestIn(JSON.stringify(status?.containerStatuses ?? status?.imageDigest ?? ''));
  return {
    ...view,
    image: digest && !view.image.includes('@') ? `${view.image}@${digest}` : view.image,
    knative: view.name,
    said: {
      ...view.said,
      application: view.said.application ?? service,
      cluster: view.said.cluster ?? service,
    },
    keeper: { kind: 'Knative Service', name: service },
    loadBalancers: [service],
  };
}

function workload(
  kind: WorkloadKind,
  metadata: Meta,
  template: Template | undefined,
  capacity: Capacity,
): WorkloadView {
  const { annotations = {}, name = '' } = metadata;
  const container = mainOf(template);
  return {
    kind,
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    name,
    ours: null,
    said: saidBy(metadata),
    owner: controllerOf(metadata),
    keeper: keeperOf(kind, metadata),
    revision: revisionOf(metadata),
    knative: metadata.labels?.[REVISION_LABEL] ?? null,
    image: container?.image ?? '',
    // Names only: values may be secrets, and go nowhere.
    configKeys:
      annotations[ANNOTATIONS.configKeys] === undefined
        ? (container?.env ?? []).map((variable) => variable.name)
        : namesIn(annotations[ANNOTATIONS.configKeys]),
    capacity,
    createdAt: annotations[ANNOTATIONS.createdAt] ?? isoOf(metadata.creationTimestamp),
    loadBalancers:
      annotations[ANNOTATIONS.loadBalancers] === undefined
        ? namesIn(annotations[SPINNAKER_BALANCERS]).map((one) => one.split(' ').at(-1) ?? one)
        : namesIn(annotations[ANNOTATIONS.loadBalancers]),
  };
}

function mainOf(template: Template | undefined): ContainerSpec | undefined {
  const containers = template?.spec?.containers ?? [];
  return containers.find((container) => container.name === 'main') ?? containers[0];
}

/** Null for a ReplicaSet that another made, or keeps. */
function oursOf(metadata: Meta): Ours | null {
  const { labels = {}, annotations = {}, name } = metadata;
  const cluster = labels[LABELS.cluster];
  if (labels[LABELS.serverGroup] !== name || cluster === undefined || controllerOf(metadata)) return null;
  return {
    cluster,
    application: labels[LABELS.application] ?? parseServerGroupName(cluster)?.application ?? cluster,
    artifact: {
      name: annotations[ANNOTATIONS.artifactName] ?? '',
      version: annotations[ANNOTATIONS.artifactVersion] ?? '',
      digest: annotations[ANNOTATIONS.artifactDigest] ?? '',
    },
    enabled: annotations[ANNOTATIONS.enabled] === 'true',
  };
}

/** People and autoscalers may have gone beyond what was asked for: the bounds then follow. */
function capacityOf({ annotations = {} }: Meta, desired: number): Capacity {
  const bound = (key: string) => {
    const value = Number.parseInt(annotations[key] ?? '', 10);
    return Number.isNaN(value) || value < 0 ? desired : value;
  };
  return {
    min: Math.min(desired, bound(ANNOTATIONS.capacityMin)),
    desired,
    max: Math.max(desired, bound(ANNOTATIONS.capacityMax)),
  };
}

function exactly(desired: number): Capacity {
  return { min: desired, desired, max: desired };
}

/** The artifact of a group that is not ours, from its image and from what runs. */
export function foreignArtifact(view: WorkloadView, running: string | null): ArtifactRef {
  return artifactIn(view.image, running);
}
