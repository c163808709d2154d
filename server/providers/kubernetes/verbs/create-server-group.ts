import type { Draft } from '@/server/providers/kubernetes/client/api';
import { autoscalerFor } from '@/server/providers/kubernetes/verbs/autoscaler';
import { change } from '@/server/providers/kubernetes/verbs/change';
import { bringTrafficTo } from '@/server/providers/kubernetes/verbs/enable-server-group';
import { disruptionBudgetFor, replicaSetFor } from '@/server/providers/kubernetes/verbs/group-objects';
import { isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { existingLoadBalancer } from '@/server/providers/kubernetes/verbs/load-balancer-objects';
import { checkGroupName } from '@/server/providers/kubernetes/verbs/names';
import {
  checkRegion,
  findGroup,
  isEnabled,
  type Platform,
  type ReplicaSet,
  refOf,
  usesGateway,
} from '@/server/providers/kubernetes/verbs/platform';
import { keptTemplate } from '@/server/providers/kubernetes/verbs/pod-template';
import { ensureGroupService } from '@/server/providers/kubernetes/verbs/traffic';
import { FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import { type Operation, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

const AS_DEPLOY = { fieldManager: FIELD_MANAGERS.deploy };

/** Creates the ReplicaSet, and around it what routes, drains and autoscalers need. */
export async function createServerGroup(
  platform: Platform,
  operation: Operation,
  spec: ServerGroupSpec,
): Promise<{ name: string }> {
  const draft = await draftGroup(platform, spec);
  for (const name of spec.loadBalancers) await existingLoadBalancer(platform, { region: spec.region, name });
  const group = (await takenOver(platform, operation, spec)) ?? (await create(platform, operation, draft));
  await addDependents(platform, group);
  if (spec.enabled && isEnabled(group) && spec.loadBalancers.length > 0)
    await bringTrafficTo(platform, operation, group);
  return { name: spec.name };
}

/** @throws ProviderError for whatever could not become a group. */
export async function draftGroup(platform: Platform, spec: ServerGroupSpec): Promise<Draft<'ReplicaSet'>> {
  const { region, cluster, application } = spec;
  checkRegion(platform, region);
  checkGroupName(spec);
  const kept = await keptTemplate(platform, region, [...new Set([cluster, application])]);
  return replicaSetFor(platform, spec, kept, new Date());
}

/** What the operation has created before; null when nothing has the name. */
async function takenOver(
  platform: Platform,
  operation: Operation,
  spec: ServerGroupSpec,
): Promise<ReplicaSet | null> {
  const taken = await findGroup(platform, spec);
  if (!taken) return null;
  if (standingOf(taken, operation) === 'new')
    throw new ProviderError('conflict', `server group ${spec.name} already exists in ${spec.region}`);
  return change(platform, 'ReplicaSet', refOf(taken), FIELD_MANAGERS.deploy, (current) => {
    standingOf(current, operation);
    return isNoted(current, operation)
      ? null
      : { metadata: { annotations: noted(current, operation, 'creation') } };
  });
}

/** By a plain creation and not by apply, which would quietly change another's group of that name. */
async function create(
  platform: Platform,
  operation: Operation,
  draft: Draft<'ReplicaSet'>,
): Promise<ReplicaSet> {
  const { namespace, name, labels, annotations } = draft.metadata;
  const metadata = {
    namespace,
    name,
    labels,
    annotations: { ...annotations, ...noted(null, operation, 'creation') },
  };
  return platform.api.create('ReplicaSet', { ...draft, metadata }, AS_DEPLOY);
}

async function addDependents(platform: Platform, group: ReplicaSet): Promise<void> {
  await platform.api.apply('PodDisruptionBudget', disruptionBudgetFor(group), AS_DEPLOY);
  if (await usesGateway(platform)) await ensureGroupService(platform, group);
  const autoscaler = await autoscalerFor(platform, group);
  if (autoscaler) await platform.api.apply('HorizontalPodAutoscaler', autoscaler, AS_DEPLOY);
}
