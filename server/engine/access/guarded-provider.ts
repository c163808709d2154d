import type { CallPolicy } from '@/server/engine/access/call-policy';
import type { Provider } from '@/server/providers/provider';

/** The same provider with every call under the account's policy. A watch is one long call and is not. */
export function guardedProvider(provider: Provider, under: CallPolicy): Provider {
  const {
    artifacts,
    takenSequences,
    findArtifacts,
    jobs,
    bakery,
    observed,
    seenAt,
    refresh,
    readLog,
    check,
    previewServerGroup,
  } = provider;
  return {
    describe: (signal) => under((limited) => provider.describe(limited), signal),
    describeCluster: (ref, signal) => under((limited) => provider.describeCluster(ref, limited), signal),
    ...(takenSequences
      ? { takenSequences: (ref, signal) => under((limited) => takenSequences(ref, limited), signal) }
      : {}),
    watch: (signal) => provider.watch(signal),
    ...(observed ? { observed } : {}),
    ...(seenAt ? { seenAt } : {}),
    ...(refresh ? { refresh: (ref, signal) => under((limited) => refresh(ref, limited), signal) } : {}),
    ...(readLog
      ? {
          readLog: (group, id, lines, signal) =>
            under((limited) => readLog(group, id, lines, limited), signal),
        }
      : {}),
    ...(check ? { check: (signal) => under((limited) => check(limited), signal) } : {}),
    ...(previewServerGroup
      ? {
          previewServerGroup: (spec, signal) => under((limited) => previewServerGroup(spec, limited), signal),
        }
      : {}),
    createServerGroup: (op, spec) => under(() => provider.createServerGroup(op, spec)),
    resizeServerGroup: (op, group, capacity) => under(() => provider.resizeServerGroup(op, group, capacity)),
    enableServerGroup: (op, group) => under(() => provider.enableServerGroup(op, group)),
    disableServerGroup: (op, group) => under(() => provider.disableServerGroup(op, group)),
    destroyServerGroup: (op, group) => under(() => provider.destroyServerGroup(op, group)),
    setWeights: (op, target, weights) => under(() => provider.setWeights(op, target, weights)),
    terminateInstance: (op, group, id) => under(() => provider.terminateInstance(op, group, id)),
    upsertLoadBalancer: (op, spec) => under(() => provider.upsertLoadBalancer(op, spec)),
    upsertFirewall: (op, spec) => under(() => provider.upsertFirewall(op, spec)),
    ...(findArtifacts
      ? { findArtifacts: (query, signal) => under((limited) => findArtifacts(query, limited), signal) }
      : {}),
    ...(artifacts
      ? {
          artifacts: {
            publish: (name, version, tgz) => under(() => artifacts.publish(name, version, tgz)),
            list: (signal) => under((limited) => artifacts.list(limited), signal),
          },
        }
      : {}),
    ...(jobs
      ? {
          jobs: {
            start: (op, spec) => under(() => jobs.start(op, spec)),
            describe: (ref, signal) => under((limited) => jobs.describe(ref, limited), signal),
            cancel: (op, ref) => under(() => jobs.cancel(op, ref)),
          },
        }
      : {}),
    ...(bakery
      ? {
          bakery: {
            start: (op, spec) => under(() => bakery.start(op, spec)),
            describe: (ref, signal) => under((limited) => bakery.describe(ref, limited), signal),
            cancel: (op, ref) => under(() => bakery.cancel(op, ref)),
          },
        }
      : {}),
  };
}
