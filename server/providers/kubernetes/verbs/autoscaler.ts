import type { Capacity } from '@/server/domain/inventory';
import type { Draft } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { partOf } from '@/server/providers/kubernetes/verbs/group-objects';
import {
  isEnabled,
  ownedBy,
  type Platform,
  type ReplicaSet,
  refOf,
} from '@/server/providers/kubernetes/verbs/platform';
import { ANNOTATIONS, FIELD_MANAGERS, LABELS, selectorOf } from '@/server/providers/kubernetes/words/labels';

/**
 * Autoscalers belong to the people of the cluster. While a group gets no requests its autoscaler would shrink it,
 * and going back to it would be slow: its minimum is raised to the present size then, and put back afterwards.
 */

type Autoscaler = ObjectOf<'HorizontalPodAutoscaler'>;

/** The autoscaler whose target is this group. */
export async function autoscalerOf({ api }: Platform, group: ReplicaSet): Promise<Autoscaler | null> {
  const { namespace, name } = refOf(group);
  const { items } = await api.list('HorizontalPodAutoscaler', { namespace });
  return items.find((one) => targets(one, name)) ?? null;
}

function targets({ spec }: Autoscaler, replicaSet: string): boolean {
  return spec?.scaleTargetRef.kind === 'ReplicaSet' && spec.scaleTargetRef.name === replicaSet;
}

/** Before the group leaves traffic. */
export async function pinAutoscaler(platform: Platform, group: ReplicaSet): Promise<void> {
  const found = await autoscalerOf(platform, group);
  const spec = found?.spec;
  if (!found || !spec || found.metadata?.annotations?.[ANNOTATIONS.minReplicas] !== undefined) return;
  const own = spec.minReplicas ?? 1;
  const pinned = Math.min(spec.maxReplicas, Math.max(own, group.spec?.replicas ?? 0));
  const annotations = { [ANNOTATIONS.minReplicas]: String(own) };
  await write(platform, found, { metadata: { annotations }, spec: { minReplicas: pinned } });
}

/** When the group gets requests again. */
export async function unpinAutoscaler(platform: Platform, group: ReplicaSet): Promise<void> {
  const found = await autoscalerOf(platform, group);
  const own = Number(found?.metadata?.annotations?.[ANNOTATIONS.minReplicas]);
  if (!found || !Number.isInteger(own)) return;
  const annotations = { [ANNOTATIONS.minReplicas]: null };
  await write(platform, found, { metadata: { annotations }, spec: { minReplicas: Math.max(1, own) } });
}

/** Where an autoscaler decides, its bounds are what is set; zero instances switch it off. */
export async function boundAutoscaler(
  platform: Platform,
  group: ReplicaSet,
  { min, max }: Capacity,
): Promise<void> {
  const found = await autoscalerOf(platform, group);
  if (!found) return;
  const minReplicas = Math.max(1, min);
  const annotations = { [ANNOTATIONS.minReplicas]: null };
  const spec = { minReplicas, maxReplicas: Math.max(minReplicas, max) };
  await write(platform, found, { metadata: { annotations }, spec });
}

/**
 * For a new group: what the newest enabled one of its cluster scales by, with at least its size of now; null when
 * that has none, or the group has its own. It goes with the group.
 */
export async function autoscalerFor(
  { api }: Platform,
  group: ReplicaSet,
): Promise<Draft<'HorizontalPodAutoscaler'> | null> {
  const { namespace, name } = refOf(group);
  const cluster = group.metadata?.labels?.[LABELS.cluster] ?? '';
  const { items: autoscalers } = await api.list('HorizontalPodAutoscaler', { namespace });
  if (autoscalers.length === 0 || autoscalers.some((one) => targets(one, name))) return null;
  const labelSelector = selectorOf({ [LABELS.cluster]: cluster });
  const { items: groups } = await api.list('ReplicaSet', { namespace, labelSelector });
  const older = groups.filter((one) => isEnabled(one) && one.metadata?.name !== name).toSorted(newestFirst);
  for (const source of older) {
    const found = autoscalers.find((one) => targets(one, refOf(source).name));
    if (!found?.spec) continue;
    const { spec, metadata } = found;
    const own = Number(metadata?.annotations?.[ANNOTATIONS.minReplicas] ?? spec.minReplicas ?? 1);
    const minReplicas = Math.min(spec.maxReplicas, Math.max(own, source.spec?.replicas ?? 0));
    return {
      metadata: {
        ...partOf(group),
        annotations: { [ANNOTATIONS.minReplicas]: String(own) },
        ownerReferences: ownedBy(group),
      },
      spec: { ...spec, minReplicas, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name } },
    };
  }
  return null;
}

function newestFirst(one: ReplicaSet, other: ReplicaSet): number {
  const at = ({ metadata }: ReplicaSet) =>
    Date.parse(metadata?.annotations?.[ANNOTATIONS.createdAt] ?? metadata?.creationTimestamp ?? '') || 0;
  return at(other) - at(one);
}

async function write({ api }: Platform, found: Autoscaler, patch: object): Promise<void> {
  await api.merge('HorizontalPodAutoscaler', refOf(found), patch, { fieldManager: FIELD_MANAGERS.deploy });
}
