import { awsBakery } from '@/server/providers/aws/bake/bakery';
import type { AwsConfig } from '@/server/providers/aws/config';
import {
  describe,
  describeCluster,
  lookAtCluster,
  takenSequences,
} from '@/server/providers/aws/read/describe';
import { findImages } from '@/server/providers/aws/read/images';
import { check } from '@/server/providers/aws/verbs/check';
import { createServerGroup } from '@/server/providers/aws/verbs/create-server-group';
import { destroyServerGroup } from '@/server/providers/aws/verbs/destroy-server-group';
import { disableServerGroup } from '@/server/providers/aws/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/aws/verbs/enable-server-group';
import { giveWeights } from '@/server/providers/aws/verbs/give-weights';
import { Platform } from '@/server/providers/aws/verbs/platform';
import { resizeServerGroup } from '@/server/providers/aws/verbs/resize-server-group';
import { setWeights } from '@/server/providers/aws/verbs/set-weights';
import { terminateInstance } from '@/server/providers/aws/verbs/terminate-instance';
import { upsertFirewall } from '@/server/providers/aws/verbs/upsert-firewall';
import { upsertLoadBalancer } from '@/server/providers/aws/verbs/upsert-load-balancer';
import { AccountWatch } from '@/server/providers/aws/watch';
import type { Provider } from '@/server/providers/provider';

/** A provider over the APIs of AWS, in the regions that the account names. */
export function createAwsProvider(account: string, config: AwsConfig): Provider {
  const platform = new Platform(account, config);
  const watching = new AccountWatch({
    account,
    sweepSeconds: config.sweepSeconds,
    describe: (signal) => describe(platform, signal),
    look: (ref, signal) => lookAtCluster(platform, ref, signal),
    answeredAt: () => Math.min(...platform.regions.map((region) => region.answeredAt())),
    settle: (groups, balancers) => giveWeights(platform, groups, balancers),
  });
  const changing: AccountWatch['changing'] = (group, work) => watching.changing(group, work);
  return {
    describe: (signal) => describe(platform, signal),
    describeCluster: (ref, signal) => describeCluster(platform, ref, signal),
    takenSequences: (ref, signal) => takenSequences(platform, ref, signal),
    watch: (signal) => watching.watch(signal),
    observed: () => watching.observed(),
    seenAt: () => watching.seenAt(),
    refresh: (ref, signal) => watching.look(ref, signal),
    check: (signal) => check(platform, signal),
    identity: (signal) => platform.identity(signal),
    createServerGroup: (operation, spec) => changing(spec, createServerGroup(platform, operation, spec)),
    resizeServerGroup: (operation, group, capacity) =>
      changing(group, resizeServerGroup(platform, operation, group, capacity)),
    enableServerGroup: (operation, group) => changing(group, enableServerGroup(platform, operation, group)),
    disableServerGroup: (operation, group) => changing(group, disableServerGroup(platform, operation, group)),
    destroyServerGroup: (_operation, group) => changing(group, destroyServerGroup(platform, group)),
    async setWeights(operation, target, weights) {
      await setWeights(platform, operation, target, weights);
      for (const name of Object.keys(weights))
        await changing({ region: target.region, name }, Promise.resolve());
    },
    terminateInstance: (_operation, group, instanceId) =>
      changing(group, terminateInstance(platform, group, instanceId)),
    upsertLoadBalancer: (_operation, spec) => upsertLoadBalancer(platform, spec),
    upsertFirewall: (_operation, spec) => upsertFirewall(platform, spec),
    findArtifacts: (query, signal) => findImages(platform, query, signal),
    bakery: awsBakery(platform),
  };
}
