import { connect } from '@/server/providers/kubernetes/client/connect';
import type { KubernetesConfig } from '@/server/providers/kubernetes/config';
import { describe, describeCluster, takenSequences } from '@/server/providers/kubernetes/read';
import { cancelJob } from '@/server/providers/kubernetes/verbs/cancel-job';
import { checkAccess } from '@/server/providers/kubernetes/verbs/check';
import { createServerGroup } from '@/server/providers/kubernetes/verbs/create-server-group';
import { describeJob } from '@/server/providers/kubernetes/verbs/describe-job';
import { destroyServerGroup } from '@/server/providers/kubernetes/verbs/destroy-server-group';
import { disableServerGroup } from '@/server/providers/kubernetes/verbs/disable-server-group';
import { enableServerGroup } from '@/server/providers/kubernetes/verbs/enable-server-group';
import { keepingShares } from '@/server/providers/kubernetes/verbs/keep-shares';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { previewServerGroup } from '@/server/providers/kubernetes/verbs/preview-server-group';
import { readLoadBalancer } from '@/server/providers/kubernetes/verbs/read-load-balancer';
import { readLog } from '@/server/providers/kubernetes/verbs/read-log';
import { resizeServerGroup } from '@/server/providers/kubernetes/verbs/resize-server-group';
import { setWeights } from '@/server/providers/kubernetes/verbs/set-weights';
import { startJob } from '@/server/providers/kubernetes/verbs/start-job';
import { terminateInstance } from '@/server/providers/kubernetes/verbs/terminate-instance';
import { upsertFirewall } from '@/server/providers/kubernetes/verbs/upsert-firewall';
import { upsertLoadBalancer } from '@/server/providers/kubernetes/verbs/upsert-load-balancer';
import { ClusterWatch } from '@/server/providers/kubernetes/watch/cluster-watch';
import type { Provider } from '@/server/providers/provider';

/** A provider over the API of one cluster, in the namespaces that the account names. */
export function createKubernetesProvider(account: string, config: KubernetesConfig): Provider {
  const expected = config.gateway ? (['HTTPRoute', 'Gateway'] as const) : [];
  const platform: Platform = { account, config, api: connect(config, { expected }) };
  const watching = new ClusterWatch(platform);
  return {
    describe: (signal) => describe(platform, signal),
    describeCluster: (ref, signal) => describeCluster(platform, ref, signal),
    takenSequences: (ref, signal) => takenSequences(platform, ref, signal),
    watch: (signal) => keepingShares(platform, watching.watch(signal), () => watching.observed()),
    observed: () => watching.observed(),
    identity: (signal) => platform.api.clusterId(signal),
    check: (signal) => checkAccess(platform, signal),
    readLog: (group, instanceId, lines, signal) => readLog(platform, group, instanceId, lines, signal),
    previewServerGroup: (spec) => previewServerGroup(platform, spec),
    createServerGroup: (operation, spec) => createServerGroup(platform, operation, spec),
    resizeServerGroup: (operation, group, capacity) =>
      resizeServerGroup(platform, operation, group, capacity),
    enableServerGroup: (operation, group) => enableServerGroup(platform, operation, group),
    disableServerGroup: (operation, group) => disableServerGroup(platform, operation, group),
    destroyServerGroup: (operation, group) => destroyServerGroup(platform, operation, group),
    setWeights: (operation, target, weights) => setWeights(platform, operation, target, weights),
    terminateInstance: (_operation, group, instanceId) => terminateInstance(platform, group, instanceId),
    async upsertLoadBalancer(operation, spec) {
      await upsertLoadBalancer(platform, operation, spec);
      return readLoadBalancer(platform, spec);
    },
    upsertFirewall: (operation, spec) => upsertFirewall(platform, operation, { ...spec, account }),
    jobs: {
      start: (operation, spec) => startJob(platform, operation, spec),
      describe: (ref, signal) => describeJob(platform, ref, signal),
      cancel: (operation, ref) => cancelJob(platform, operation, ref),
    },
  };
}
