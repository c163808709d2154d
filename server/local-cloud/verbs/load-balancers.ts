import { CloudError } from '@/server/local-cloud/errors';
import type { Operation } from '@/server/local-cloud/operations';
import { resourceKey } from '@/server/local-cloud/state';
import { type LoadBalancerView, loadBalancerView, type Platform } from '@/server/local-cloud/views';

export interface LoadBalancerSpec {
  readonly region: string;
  readonly name: string;
  readonly application: string;
}

/** @throws CloudError `conflict` when the name belongs to another application. */
export async function upsertLoadBalancer(
  platform: Platform,
  operation: Operation,
  spec: LoadBalancerSpec,
): Promise<LoadBalancerView> {
  const key = resourceKey(spec);
  if (!platform.regions.includes(spec.region)) {
    throw new CloudError(
      'invalid',
      `region ${spec.region} does not exist here: choose ${platform.regions.join(' or ')}`,
    );
  }
  const existing = () => platform.store.current.loadBalancers.find((one) => resourceKey(one) === key);
  const { result, replayed } = await platform.operations.perform(
    operation,
    async () => existing()?.port ?? (await platform.balancers.create(spec)),
    (draft, port) => {
      const record = draft.loadBalancers.find((one) => resourceKey(one) === key);
      if (record && record.application !== spec.application) {
        throw new CloudError(
          'conflict',
          `load balancer ${spec.name} belongs to application ${record.application}`,
        );
      }
      const current = record ?? { ...spec, port, weights: {} };
      if (!record) draft.loadBalancers.push(current);
      return loadBalancerView(platform, current);
    },
  );
  if (!replayed) {
    platform.balancers.refresh();
    platform.changes.announce({ region: spec.region, application: spec.application, cluster: null });
  }
  return result;
}

/**
 * Sets the relative weights of groups behind a load balancer; groups left out lose theirs.
 * @throws CloudError `invalid` for a group that is not behind it.
 */
export async function setWeights(
  platform: Platform,
  operation: Operation,
  target: { readonly region: string; readonly name: string },
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  const { result: application, replayed } = await platform.operations.perform(
    operation,
    () => Promise.resolve(),
    (draft) => {
      const record = draft.loadBalancers.find((one) => resourceKey(one) === resourceKey(target));
      if (!record) {
        throw new CloudError('not_found', `load balancer ${target.name} does not exist in ${target.region}`);
      }
      const behind = draft.groups.filter(
        (group) =>
          group.region === target.region && group.loadBalancers.includes(target.name) && !group.destroying,
      );
      const stranger = Object.keys(weights).find((name) => !behind.some((group) => group.name === name));
      if (stranger !== undefined) {
        throw new CloudError(
          'invalid',
          `server group ${stranger} is not behind load balancer ${target.name}`,
        );
      }
      record.weights = { ...weights };
      return record.application;
    },
  );
  if (replayed) return;
  platform.balancers.refresh();
  platform.changes.announce({ region: target.region, application, cluster: null });
}
