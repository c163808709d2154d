import type { ArtifactRef, Capacity } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import { CloudError } from '@/server/local-cloud/errors';
import type { Operation } from '@/server/local-cloud/operations';
import { type CloudState, type GroupRecord, resourceKey } from '@/server/local-cloud/state';
import { checkConfig, checkRegion } from '@/server/local-cloud/verbs/checks';
import type { Platform } from '@/server/local-cloud/views';

export interface GroupRef {
  readonly region: string;
  readonly name: string;
}

export interface GroupSpec extends GroupRef {
  readonly application: string;
  readonly cluster: string;
  readonly artifact: ArtifactRef;
  readonly capacity: Capacity;
  readonly config: Readonly<Record<string, string>>;
  readonly loadBalancers: readonly string[];
  readonly enabled: boolean;
}

/** @throws CloudError `conflict` when the name exists, whatever its content: the name is the creator's. */
export function createGroup(
  platform: Platform,
  operation: Operation,
  spec: GroupSpec,
): Promise<{ name: string }> {
  return change(platform, operation, spec, (draft) => {
    checkNames(platform, spec);
    platform.library.get(spec.artifact);
    for (const name of spec.loadBalancers) {
      if (!draft.loadBalancers.some((one) => one.region === spec.region && one.name === name)) {
        throw new CloudError(
          'not_found',
          `load balancer ${name} does not exist in ${spec.region}: create it first`,
        );
      }
    }
    if (find(draft, spec)) {
      throw new CloudError('conflict', `server group ${spec.name} already exists in ${spec.region}`);
    }
    draft.groups.push({
      ...spec,
      config: { ...spec.config },
      loadBalancers: [...new Set(spec.loadBalancers)],
      createdAt: new Date().toISOString(),
      terminating: [],
      destroying: false,
    });
    return { name: spec.name };
  });
}

export function resizeGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  capacity: Capacity,
): Promise<void> {
  return change(platform, operation, ref, (draft) => {
    existing(draft, ref).capacity = capacity;
  });
}

/** A group that is disabled forgets its weights, so that enabling it later brings it traffic. */
export function enableGroup(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  enabled: boolean,
): Promise<void> {
  return change(platform, operation, ref, (draft) => {
    existing(draft, ref).enabled = enabled;
    if (!enabled) forgetWeights(draft, ref);
  });
}

/** Missing is success: whoever wants it gone has it gone. */
export function destroyGroup(platform: Platform, operation: Operation, ref: GroupRef): Promise<void> {
  return change(platform, operation, ref, (draft) => {
    const group = find(draft, ref);
    if (!group) return;
    group.destroying = true;
    group.enabled = false;
    forgetWeights(draft, ref);
  });
}

/** The instance drains and ends; self-healing puts another in its place. */
export function terminateInstance(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  instanceId: string,
): Promise<void> {
  return change(platform, operation, ref, (draft) => {
    const group = existing(draft, ref);
    const known = platform.fleet.of(resourceKey(ref)).some((instance) => instance.id === instanceId);
    if (!known) throw new CloudError('not_found', `server group ${ref.name} has no instance ${instanceId}`);
    if (!group.terminating.includes(instanceId)) group.terminating.push(instanceId);
  });
}

/** Records the change, then makes routes and instances follow before it answers. */
async function change<Result>(
  platform: Platform,
  operation: Operation,
  ref: GroupRef,
  verb: (draft: CloudState) => Result,
): Promise<Result> {
  const { result, replayed } = await platform.operations.perform(operation, () => Promise.resolve(), verb);
  if (replayed) return result;
  platform.balancers.refresh();
  platform.fleet.reconcile();
  const group = find(platform.store.current, ref);
  platform.changes.announce({
    region: ref.region,
    application: group?.application ?? null,
    cluster: group?.cluster ?? null,
  });
  return result;
}

function checkNames(platform: Platform, spec: GroupSpec): void {
  checkRegion(platform, spec.region);
  const moniker = parseServerGroupName(spec.name);
  if (
    moniker?.sequence == null ||
    moniker.cluster !== spec.cluster ||
    moniker.application !== spec.application
  ) {
    throw new CloudError(
      'invalid',
      `server group name ${spec.name} does not belong to cluster ${spec.cluster}`,
    );
  }
  checkConfig(spec.config);
}

function find(state: Readonly<CloudState>, ref: GroupRef): GroupRecord | undefined {
  return state.groups.find((group) => resourceKey(group) === resourceKey(ref));
}

/** @throws CloudError when the group is not there to be changed. */
function existing(draft: CloudState, ref: GroupRef): GroupRecord {
  const group = find(draft, ref);
  if (!group) throw new CloudError('not_found', `server group ${ref.name} does not exist in ${ref.region}`);
  if (group.destroying) throw new CloudError('conflict', `server group ${ref.name} is being destroyed`);
  return group;
}

function forgetWeights(draft: CloudState, ref: GroupRef): void {
  for (const loadBalancer of draft.loadBalancers) {
    if (loadBalancer.region === ref.region) delete loadBalancer.weights[ref.name];
  }
}
