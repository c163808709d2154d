import type { Draft } from '@/server/providers/kubernetes/client/api';
import { labelValue } from '@/server/providers/kubernetes/verbs/names';
import {
  identityOf,
  type Labels,
  ownedBy,
  type Platform,
  type ReplicaSet,
} from '@/server/providers/kubernetes/verbs/platform';
import { groupTemplate, type PodTemplate } from '@/server/providers/kubernetes/verbs/pod-template';
import {
  ANNOTATIONS,
  APP_LABELS,
  LABELS,
  MANAGED_BY,
  TRAFFIC_ON,
  trafficLabel,
} from '@/server/providers/kubernetes/words/labels';
import type { ServerGroupSpec } from '@/server/providers/provider';

/** The ReplicaSet that is the server group, before anyone noted an operation on it. */
export function replicaSetFor(
  platform: Pick<Platform, 'config'>,
  spec: ServerGroupSpec,
  kept: PodTemplate | null,
  now: Date,
): Draft<'ReplicaSet'> {
  const { region, name, cluster, capacity } = spec;
  const identity = { [LABELS.cluster]: cluster, [LABELS.serverGroup]: name };
  const labels = { ...commonLabels(spec), ...identity };
  const letIn = spec.enabled ? trafficLabels(spec.loadBalancers) : {};
  return {
    metadata: { namespace: region, name, labels, annotations: annotationsOf(spec, now) },
    spec: {
      replicas: capacity.desired,
      selector: { matchLabels: identity },
      template: groupTemplate(platform, spec, kept, { ...labels, ...letIn }),
    },
  };
}

function commonLabels({ application, cluster, artifact }: ServerGroupSpec): Labels {
  const version = labelValue(artifact.version);
  return {
    [LABELS.application]: application,
    [APP_LABELS.name]: application,
    [APP_LABELS.instance]: cluster,
    ...(version ? { [APP_LABELS.version]: version } : {}),
    [APP_LABELS.managedBy]: MANAGED_BY,
  };
}

function annotationsOf(spec: ServerGroupSpec, now: Date): Record<string, string> {
  const { artifact, capacity, config, loadBalancers, enabled } = spec;
  return {
    [ANNOTATIONS.artifactName]: artifact.name,
    [ANNOTATIONS.artifactVersion]: artifact.version,
    [ANNOTATIONS.artifactDigest]: artifact.digest,
    [ANNOTATIONS.configKeys]: JSON.stringify(Object.keys(config).toSorted()),
    [ANNOTATIONS.capacityMin]: String(capacity.min),
    [ANNOTATIONS.capacityMax]: String(capacity.max),
    [ANNOTATIONS.loadBalancers]: JSON.stringify([...new Set(loadBalancers)]),
    [ANNOTATIONS.enabled]: String(enabled),
    [ANNOTATIONS.createdAt]: now.toISOString(),
  };
}

/** Lets requests of these load balancers in. */
export function trafficLabels(loadBalancers: readonly string[]): Record<string, string> {
  return Object.fromEntries(loadBalancers.map((name) => [trafficLabel(name), TRAFFIC_ON]));
}

/** The Service that a route names to send requests to this group alone. */
export function groupServiceFor({ config }: Pick<Platform, 'config'>, group: ReplicaSet): Draft<'Service'> {
  return {
    metadata: { ...partOf(group), ownerReferences: ownedBy(group) },
    spec: {
      selector: { ...identityOf(group) },
      ports: [{ name: 'http', port: config.port, targetPort: config.port, protocol: 'TCP' }],
    },
  };
}

/**
 * Drains of nodes take a tenth of a group at a time, and at least one instance, so that no group makes a drain
 * impossible. Instances that are not well never hold one up.
 */
export function disruptionBudgetFor(group: ReplicaSet): Draft<'PodDisruptionBudget'> {
  return {
    metadata: { ...partOf(group), ownerReferences: ownedBy(group) },
    spec: {
      maxUnavailable: '10%',
      selector: { matchLabels: { ...identityOf(group) } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}

/** Name, place and labels of an object that belongs to a group. */
export function partOf({ metadata }: ReplicaSet) {
  const { namespace, name, labels = {} } = metadata ?? {};
  const kept = [LABELS.application, LABELS.cluster, LABELS.serverGroup, APP_LABELS.managedBy];
  return {
    namespace,
    name,
    labels: Object.fromEntries(kept.map((label) => [label, labels[label] ?? ''])),
  };
}
