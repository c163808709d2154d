import { AccountWatch } from '@/server/providers/aws/watch';
import { Platform } from '@/server/providers/lambda/client/platform';
import type { LambdaConfig } from '@/server/providers/lambda/config';
import {
  describe,
  describeCluster,
  loadBalancerNamed,
  lookAtCluster,
} from '@/server/providers/lambda/read/describe';
import { check } from '@/server/providers/lambda/verbs/check';
import { createServerGroup } from '@/server/providers/lambda/verbs/create-server-group';
import { destroyServerGroup } from '@/server/providers/lambda/verbs/destroy-server-group';
import { disableServerGroup } from '@/server/providers/lambda/verbs/disable-server-group';
import { enable } from '@/server/providers/lambda/verbs/enable-server-group';
import { setWeights } from '@/server/providers/lambda/verbs/set-weights';
import { type Provider, ProviderError } from '@/server/providers/provider';

/** A provider over AWS Lambda: versions are server groups, the alias of a function is its load balancer. */
export function createLambdaProvider(account: string, config: LambdaConfig): Provider {
  const platform = new Platform(account, config);
  const watching = new AccountWatch({
    account,
    sweepSeconds: config.sweepSeconds,
    describe: (signal) => describe(platform, signal),
    look: (ref, signal) => lookAtCluster(platform, ref, signal),
    answeredAt: () => Math.min(...platform.regions.map((region) => region.answeredAt())),
  });
  const changing: AccountWatch['changing'] = (group, work) => watching.changing(group, work);
  return {
    describe: (signal) => describe(platform, signal),
    describeCluster: (ref, signal) => describeCluster(platform, ref, signal),
    watch: (signal) => watching.watch(signal),
    observed: () => watching.observed(),
    seenAt: () => watching.seenAt(),
    refresh: (ref, signal) => watching.look(ref, signal),
    check: (signal) => check(platform, signal),
    identity: (signal) => platform.identity(signal),
    createServerGroup: (operation, spec) => changing(spec, createServerGroup(platform, operation, spec)),
    enableServerGroup: (operation, group) => changing(group, enable(platform, operation, group)),
    disableServerGroup: (operation, group) => changing(group, disableServerGroup(platform, operation, group)),
    destroyServerGroup: (operation, group) => changing(group, destroyServerGroup(platform, operation, group)),
    async setWeights(operation, target, weights) {
      const [name = ''] = Object.keys(weights);
      await changing({ region: target.region, name }, setWeights(platform, operation, target, weights));
    },
    upsertLoadBalancer: (_operation, { region, name, application }) =>
      loadBalancerNamed(platform, platform.region(region), name, application),
    resizeServerGroup: async (_operation, { name }) => {
      throw without(`${name} has no instances: AWS Lambda runs as many copies as there are requests.`);
    },
    terminateInstance: async (_operation, { name }) => {
      throw without(`${name} has no instances that could be terminated.`);
    },
    upsertFirewall: async () => {
      throw without('AWS Lambda has no firewalls: who may call a function, its policy says.');
    },
  };
}

function without(sentence: string): ProviderError {
  return new ProviderError('invalid', sentence);
}
